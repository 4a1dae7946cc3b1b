import EdisonSQL

/// The lead of a run, looked after while the run goes on.
struct Lead: Sendable {
    private let claim: ExclusiveClaim
    private let eachSecond: @Sendable () async -> Void

    init(_ claim: ExclusiveClaim, eachSecond: @escaping @Sendable () async -> Void) {
        self.claim = claim
        self.eachSecond = eachSecond
    }

    /// Does the work, and stops it with `LostLead` when the claim is lost: then another process may lead already.
    func during<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                while (try? await Task.sleep(for: .seconds(1))) != nil {
                    if await !claim.isHeld() { throw LostLead() }
                    await eachSecond()
                }
                return nil
            }
            group.addTask {
                do {
                    let value = try await work()
                    if await !claim.isHeld() { throw LostLead() }
                    return value
                } catch {
                    // What failed because the database is gone is not the run's failure.
                    throw await claim.isHeld() ? error : LostLead()
                }
            }
            defer { group.cancelAll() }
            while let value = try await group.next() { if let value { return value } }
            throw CancellationError()
        }
    }
}

/// The claim of the lead does not hold any more.
struct LostLead: Error {}
