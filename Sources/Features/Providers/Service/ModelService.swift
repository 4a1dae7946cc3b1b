package import EdisonCore
import EdisonLLM
import EdisonSQL
import Synchronization

/// Tells which models a project can call: what its providers list just now, with what is known of each.
package struct ModelService: Sendable {
    private let credentials: CredentialService
    private let listings = ListingMemory()

    package init(credentials: CredentialService) { self.credentials = credentials }

    /// - Parameter isFresh: asks the providers even where they were asked a moment ago.
    package func models(of project: ProjectID, provider: String?, isFresh: Bool) async throws -> ProjectModels {
        let moment = credentials.now()
        let (active, own) = try await credentials.database.read { db in
            let organization = try credentials.store.organization(of: project, in: db)
            return (
                try credentials.store.active(of: project, provider: provider, in: db),
                try organization.map { try PriceStore().all(of: $0, in: db) } ?? []
            )
        }
        let found = try await withThrowingTaskGroup(of: (Int, CredentialListing).self) { group in
            for (index, credential) in active.enumerated() {
                group.addTask { (index, try await listing(credential, isFresh: isFresh)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        return ProjectModels(found.sorted { $0.0 < $1.0 }.map(\.1), own: own, at: moment)
    }

    private func listing(_ credential: ProviderCredential, isFresh: Bool) async throws -> CredentialListing {
        let moment = credentials.now()
        if !isFresh, let known = listings.listing(of: credential, at: moment) { return known }
        let result: CredentialListing
        do {
            let secret = try credentials.vault.open(credential.sealedSecret, for: credential.row)
            let models = try await credentials.probe.models(
                at: try credentials.endpoint(of: credential, secret: secret))
            result = CredentialListing(credential: credential, outcome: .success(models))
        } catch let failure as ProviderFailure {
            result = CredentialListing(
                credential: credential, outcome: .failure(EdisonError(.upstream, failure.description)))
        } catch let error as EdisonError where error.code == .unavailable {
            result = CredentialListing(credential: credential, outcome: .failure(error))
        }
        listings.keep(result, at: moment)
        return result
    }
}

/// What providers listed in the last minutes, so that a page that shows models does not ask all of them each time.
private final class ListingMemory: Sendable {
    private struct Entry {
        let version: Timestamp
        let at: Timestamp
        let listing: CredentialListing
    }

    private let entries = Mutex<[ProviderCredential.ID: Entry]>([:])

    func listing(of credential: ProviderCredential, at moment: Timestamp) -> CredentialListing? {
        entries.withLock { entries in
            guard let entry = entries[credential.id], entry.version == credential.updatedAt else { return nil }
            // One that failed may work again soon.
            let isGood = if case .success = entry.listing.outcome { true } else { false }
            return moment.duration(since: entry.at) < .seconds(isGood ? 600 : 15) ? entry.listing : nil
        }
    }

    func keep(_ listing: CredentialListing, at moment: Timestamp) {
        entries.withLock { entries in
            entries = entries.filter { moment.duration(since: $0.value.at) < .seconds(600) }
            entries[listing.credential.id] = Entry(
                version: listing.credential.updatedAt, at: moment, listing: listing)
        }
    }
}
