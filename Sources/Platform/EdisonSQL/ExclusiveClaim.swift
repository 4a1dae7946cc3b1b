/// A name that one process holds at a time, for as long as it lives: whoever dies gives it back, however it died.
///
/// Released by `release()`, or when the last reference goes.
package final class ExclusiveClaim: Sendable {
    private let holder: any ClaimHolder

    init(_ holder: any ClaimHolder) { self.holder = holder }

    deinit { holder.release() }

    package func release() { holder.release() }
}

/// What a driver keeps open while a claim holds; releasing it twice does no harm.
protocol ClaimHolder: Sendable {
    func release()
}
