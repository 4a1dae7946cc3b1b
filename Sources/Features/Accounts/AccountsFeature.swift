package import EdisonWeb

/// What the accounts feature gives to the server.
package struct AccountsFeature: Sendable {
    private let accounts: AccountService

    package init(accounts: AccountService) { self.accounts = accounts }

    package var endpoints: [Endpoint] { AuthAPI(accounts: accounts).endpoints }
}
