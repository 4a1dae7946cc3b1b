import EdisonCore

/// Holds whoever comes until it is opened, and then lets everybody through.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    var held: Int { waiting.count }

    func pass() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for waiter in waiting { waiter.resume() }
        waiting = []
    }
}

/// Lets so many in at once.
actor Slots {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    nonisolated func holding(_ work: () async throws -> Void) async throws {
        await take()
        do { try await work() } catch {
            await give()
            throw error
        }
        await give()
    }

    private func take() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    }

    private func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Waits for something that must come, and fails when it does not.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    let began = ContinuousClock.now
    while try await !condition() {
        if began.duration(to: .now) > .seconds(20) { throw EdisonError(.unavailable, "It did not come: \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Long enough for what must not happen to have happened.
func settle() async throws { try await Task.sleep(for: .milliseconds(150)) }
