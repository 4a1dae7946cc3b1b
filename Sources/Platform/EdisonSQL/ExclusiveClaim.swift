import Dispatch

/// A name that one process holds at a time, for as long as it lives: whoever dies gives it back, however it died.
///
/// Released by `release()`, or when the last reference goes.
package final class ExclusiveClaim: Sendable {
    private let holder: any ClaimHolder

    init(_ holder: any ClaimHolder) { self.holder = holder }

    deinit { holder.release() }

    package func release() { holder.release() }

    /// Whether it still holds: a server lets go of it when the connection is lost, though this process lives on.
    package func isHeld() async -> Bool {
        await withCheckedContinuation { continuation in
            // The check may wait for the server, so it keeps no cooperative thread.
            DispatchQueue.global().async { [holder] in continuation.resume(returning: holder.isHeld) }
        }
    }
}

/// What a driver keeps open while a claim holds; releasing it twice does no harm.
protocol ClaimHolder: Sendable {
    func release()
    /// May block.
    var isHeld: Bool { get }
}
