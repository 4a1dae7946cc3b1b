import Synchronization

/// Something that a test changes while a server reads it.
final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock(\.self) }
    func set() { state.withLock { $0 = true } }
}
