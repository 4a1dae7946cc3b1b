/// Of equal pieces of work under way at once, one is done; the others wait for it and take over what it brought.
actor SingleFlight<Value: Sendable> {
    enum Turn: Sendable {
        /// The caller does the work, and must call `finish` whatever comes of it.
        case lead
        /// Another one has done it.
        case follow(Value)
    }

    private var followers: [String: [Int: CheckedContinuation<Value?, any Error>]] = [:]
    private var count = 0

    /// Waits while an equal one is under way. When that brings nothing, one of those who waited leads next.
    func enter(_ key: String) async throws -> Turn {
        while followers[key] != nil {
            if let value = try await wait(key) { return .follow(value) }
        }
        followers[key] = [:]
        return .lead
    }

    /// nil: the leader failed, which is no one else's failure.
    func finish(_ key: String, _ value: Value?) {
        for waiter in (followers.removeValue(forKey: key) ?? [:]).values { waiter.resume(returning: value) }
    }

    private func wait(_ key: String) async throws -> Value? {
        count += 1
        let id = count
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                followers[key, default: [:]][id] = continuation
            }
        } onCancel: {
            Task { await leave(key, id) }
        }
    }

    private func leave(_ key: String, _ id: Int) {
        followers[key]?.removeValue(forKey: id)?.resume(throwing: CancellationError())
    }
}
