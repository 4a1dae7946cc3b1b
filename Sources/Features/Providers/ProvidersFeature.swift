package import EdisonLLM
package import EdisonSQL
package import EdisonSecrets
package import EdisonWeb

/// What the providers feature gives to the server: the credentials that calls are made with, and its routes.
package struct ProvidersFeature: Sendable {
    package let credentials: CredentialService
    private let prices: PriceService
    private let configurations: ConfigurationService
    private let models: ModelService
    private let breakers: @Sendable () -> [BreakerStatus]

    /// - Parameters:
    ///   - addresses: where the transport, and so the credentials, may lead.
    ///   - calls: those of the product, for the state of their breakers.
    package init(
        database: Database, box: SecretBox, transport: HTTPTransport, addresses: AddressPolicy, calls: ModelCalls
    ) {
        credentials = CredentialService(
            database: database, box: box, transport: transport, calls: calls, addresses: addresses)
        prices = PriceService(database: database)
        configurations = ConfigurationService(database: database)
        models = ModelService(credentials: credentials)
        breakers = { calls.breakers }
    }

    package var endpoints: [EdisonWeb.Endpoint] {
        CredentialAPI(credentials: credentials, breakers: breakers).endpoints
            + ModelAPI(models: models, credentials: credentials).endpoints + PriceAPI(prices: prices).endpoints
            + ConfigurationAPI(configurations: configurations).endpoints
    }
}
