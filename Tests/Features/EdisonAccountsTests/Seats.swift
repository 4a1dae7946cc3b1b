/// How many tests of this module work at once: each of them hashes passwords, which is made to be slow, and all of them
/// together would make each other wait past every time-out.
actor Seats {
    static let shared = Seats()

    private var free = 4
    private var waiting: [CheckedContinuation<Void, Never>] = []

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
