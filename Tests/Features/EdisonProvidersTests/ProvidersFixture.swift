import EdisonCore
import EdisonEvents
import EdisonLLM
import EdisonProviders
import EdisonSQL
import EdisonSchema
import EdisonSecrets
import EdisonTestKit

/// A database with two tenants, a provider on loopback, and the services between them.
struct ProvidersFixture: Sendable {
    static let project = ProjectID(LocalTenant.project)
    static let organization = OrganizationID(LocalTenant.organization)
    static let other = ProjectID("other-project")
    static let otherOrganization = OrganizationID("other-organization")
    static let actor = Actor(organization: organization, project: project, request: "test")
    /// Planted, to be looked for.
    static let key = "sk-planted-5f1e7c0a9b3d2e4f-LAST"

    let place: String
    let database: Database
    let transport: HTTPTransport
    let calls: ModelCalls
    let server: WireServer

    /// - Parameter answer: what the provider says.
    static func running(
        _ kind: TestDatabase, answer: @escaping @Sendable (WireServer.Request) -> WireServer.Reply = models,
        _ use: (ProvidersFixture) async throws -> Void
    ) async throws {
        try await kind.place { place in
            let database = try await Database.open(place)
            try await TestDatabase.migrate(database)
            try await database.write { db in
                try db.execute(
                    """
                    INSERT INTO organization (id, slug, name, created_at)
                    VALUES (\(otherOrganization), 'other', 'Other', 0)
                    """)
                try db.execute(
                    """
                    INSERT INTO project (id, organization_id, slug, name, created_at)
                    VALUES (\(other), \(otherOrganization), 'other', 'Other', 0)
                    """)
            }
            let transport = HTTPTransport()
            let calls = ModelCalls(database: database, transport: transport)
            do {
                try await WireServer.running(answer) { server in
                    try await use(
                        ProvidersFixture(
                            place: place, database: database, transport: transport, calls: calls, server: server))
                }
            } catch {
                await end(transport, calls, database)
                throw error
            }
            await end(transport, calls, database)
        }
    }

    private static func end(_ transport: HTTPTransport, _ calls: ModelCalls, _ database: Database) async {
        await transport.shutdown()
        calls.end()
        await database.close()
    }

    /// - Parameter keys: bytes that the sealing keys are filled with, the newest first.
    func credentials(
        keys: [UInt8] = [1], addresses: AddressPolicy = .anywhere, now: @escaping @Sendable () -> Timestamp = { .now }
    ) throws -> CredentialService {
        let box = try SecretBox(keys: keys.map { try SealingKey(bytes: Array(repeating: $0, count: 32)) })
        return CredentialService(
            database: database, box: box, transport: transport, calls: calls, addresses: addresses, now: now)
    }

    func wish(
        _ label: String = "main", key: String? = key, config: JSONObject = [:], rotationDays: Int? = nil
    ) -> NewCredential {
        var fields: JSONObject = ["base_url": .string("\(server.url)/v1")]
        for (name, value) in config { fields[name] = value }
        return NewCredential(
            provider: "openai-compatible", label: label, apiKey: key, config: CredentialConfig(fields), isActive: true,
            rotationDays: rotationDays)
    }

    // MARK: Providers

    /// Lists two models to anybody, and answers every call.
    static let models: @Sendable (WireServer.Request) -> WireServer.Reply = { request in
        request.target.hasSuffix("/models") ? list : answer
    }

    /// The same to holders of these keys.
    static func models(for keys: String...) -> @Sendable (WireServer.Request) -> WireServer.Reply {
        { request in
            let given = request.header("authorization") ?? ""
            if keys.contains(where: { given == "Bearer \($0)" }) { return models(request) }
            // Some providers repeat the key.
            return WireServer.Reply(
                status: 401, headers: [("content-type", "application/json")],
                "{\"error\":{\"message\":\"Incorrect API key provided: \(given.dropFirst(7))\",\"code\":\"invalid_api_key\"}}"
            )
        }
    }

    static let list = WireServer.Reply(
        headers: [("content-type", "application/json")],
        #"{"object":"list","data":[{"id":"small","max_model_len":4096},{"id":"large"}]}"#)
    static let answer = WireServer.Reply(
        headers: [("content-type", "application/json")],
        """
        {"id":"1","object":"chat.completion","model":"small","choices":[{"index":0,"finish_reason":"stop",
        "message":{"role":"assistant","content":"OK"}}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}
        """)
}
