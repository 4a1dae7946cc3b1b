import Synchronization

/// The last state of a running loop, for whoever has to write it down when the loop is interrupted.
package final class RunProgress: Sendable {
    private let last = Mutex<LoopState?>(nil)

    package init() {}

    package func keep(_ state: LoopState) { last.withLock { $0 = state } }

    package var state: LoopState? { last.withLock { $0 } }
}
