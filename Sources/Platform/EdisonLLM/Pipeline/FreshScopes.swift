import Synchronization

/// The scopes that had no call when this process first asked: in these there is nothing to look up before each call.
///
/// Only saves the look. That a call has been made meanwhile, here or by another process, is found when its attempt is
/// written down.
final class FreshScopes: Sendable {
    private let known = Mutex<[String: Bool]>([:])

    /// - Parameter find: looks whether the scope has no call yet.
    func contains(_ scope: String, find: () async throws -> Bool) async throws -> Bool {
        if let isFresh = known.withLock({ $0[scope] }) { return isFresh }
        let isFresh = try await find()
        return known.withLock { known in
            // A server goes through many scopes; what is forgotten is looked up again.
            if known.count >= 1_000 { known = [:] }
            // Whoever asked at the same time may have made a call since.
            if let before = known[scope] { return before }
            known[scope] = isFresh
            return isFresh
        }
    }
}
