package import EdisonCore
package import EdisonPages
package import EdisonWeb

/// What the accounts feature gives to the server.
package struct AccountsFeature: Sendable {
    private let accounts: AccountService
    private let users: UserService
    private let isSecure: Bool
    private let publicURL: String

    /// - Parameters:
    ///   - isSecure: whether the server is reached over TLS.
    ///   - publicURL: where it is reached, for links that are passed on; empty: they are paths.
    ///   - sources: what other features know of people.
    package init(
        accounts: AccountService, isSecure: Bool = false, publicURL: String = "", sources: [PersonalDataSource] = []
    ) {
        self.accounts = accounts
        users = UserService(accounts: accounts, sources: sources)
        self.isSecure = isSecure
        self.publicURL = publicURL
    }

    /// - Parameter others: the endpoints of all other features: keys can be allowed what they ask for.
    package func endpoints(beside others: [Endpoint]) -> [Endpoint] {
        let own =
            AuthAPI(accounts: accounts, isSecure: isSecure).endpoints
            + MeAPI(accounts: accounts, users: users).endpoints + OrganizationAPI(accounts: accounts).endpoints
            + InvitationAPI(accounts: accounts, publicURL: publicURL).endpoints + UserAPI(users: users).endpoints
            + TierAPI(accounts: accounts).endpoints
        let keys = KeyService(database: accounts.database, now: accounts.now)
        let all = own + KeyAPI(keys: keys, permissions: []).endpoints + others
        return own + KeyAPI(keys: keys, permissions: Self.permissions(of: all)).endpoints
    }

    /// Outside the API.
    ///
    /// - Parameter assets: what pages load.
    package func pages(_ assets: PageAssets) -> [Endpoint] {
        StartAPI(accounts: accounts, isSecure: isSecure).endpoints
            + AccountPages(accounts: accounts, assets: assets, isSecure: isSecure).endpoints
    }

    /// What keys can be allowed; they have no part in the installation as a whole.
    static func permissions(of endpoints: [Endpoint]) -> [Permission] {
        let found = endpoints.compactMap { endpoint -> Permission? in
            if case .installation = endpoint.access { return nil }
            return endpoint.access.permission
        }
        return Set(found).sorted { $0.name < $1.name }
    }
}
