package import EdisonAccounts
package import EdisonSQL
package import EdisonWeb

/// What the audit feature gives to the server.
package struct AuditFeature: Sendable {
    private let audit: AuditService

    package init(database: Database, accounts: AccountService) {
        audit = AuditService(database: database) { try await accounts.names(of: $0) }
    }

    package var endpoints: [Endpoint] { AuditAPI(audit: audit).endpoints }
}
