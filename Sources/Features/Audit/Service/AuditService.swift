package import EdisonCore
package import EdisonSQL

/// Reads what was done in an organisation and its projects.
package struct AuditService: Sendable {
    private let database: Database
    private let names: @Sendable ([UserID]) async throws -> [UserID: String]
    private let store = AuditStore()

    /// - Parameter names: what people are called at the moment.
    package init(
        database: Database, names: @escaping @Sendable ([UserID]) async throws -> [UserID: String]
    ) {
        self.database = database
        self.names = names
    }

    package func entries(
        of organization: OrganizationID, _ filter: AuditFilter, _ page: PageRequest
    ) async throws -> Listing<AuditEntry> {
        let found = try await database.read { db in try store.entries(of: organization, filter, page, in: db) }
        let known = try await names(Array(Set(found.compactMap(\.user))))
        return Listing(found, page) { Cursor($0.id) }.map { entry in
            var entry = entry
            entry.userName = entry.user.flatMap { known[$0] }
            return entry
        }
    }

    /// All of them, newest first, in pieces: the log may be longer than the memory.
    package func export(
        of organization: OrganizationID, _ filter: AuditFilter,
        to take: (_ entries: [AuditEntry]) async throws -> Void
    ) async throws {
        var page = PageRequest(limit: PageRequest.maximumLimit)
        while true {
            let listing = try await entries(of: organization, filter, page)
            try await take(listing.items)
            guard let next = listing.next else { return }
            page = PageRequest(limit: PageRequest.maximumLimit, after: next)
        }
    }
}
