/// Does something once, when the last of a number of things is done.
actor Countdown {
    private var left: Int
    private let action: @Sendable () async throws -> Void

    init(_ count: Int, _ action: @escaping @Sendable () async throws -> Void) {
        left = count
        self.action = action
    }

    func count() async throws {
        left -= 1
        if left == 0 { try await action() }
    }
}
