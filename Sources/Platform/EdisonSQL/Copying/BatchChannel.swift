import Foundation

/// Hands pieces from a transaction of one database to a transaction of another. Both are synchronous and run on threads
/// of their drivers, so each may wait here for the other; a few pieces lie in between at most.
///
/// `@unchecked`: the condition guards all of the state.
final class BatchChannel<Piece: Sendable>: @unchecked Sendable {
    /// The other side is gone, and says itself why.
    struct Abandoned: Error {}

    private let condition = NSCondition()
    private let room: Int
    private var pieces: [Piece] = []
    private var isFinished = false
    private var failure: (any Error)?
    private var isAbandoned = false
    private var hasBegun = false

    init(room: Int = 4) { self.room = room }

    /// Waits while too much lies there.
    func put(_ piece: Piece) throws {
        condition.lock()
        defer { condition.unlock() }
        while pieces.count >= room, !isAbandoned { condition.wait() }
        if isAbandoned { throw Abandoned() }
        pieces.append(piece)
        condition.broadcast()
    }

    /// Nothing more comes, perhaps because of an error.
    func finish(_ error: (any Error)? = nil) {
        condition.lock()
        defer { condition.unlock() }
        isFinished = true
        failure = failure ?? error
        condition.broadcast()
    }

    /// Nobody takes any more.
    func abandon() {
        condition.lock()
        defer { condition.unlock() }
        isAbandoned = true
        condition.broadcast()
    }

    /// Whether whoever takes is the first one: what was taken out does not come twice.
    func begin() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        defer { hasBegun = true }
        return !hasBegun
    }

    /// Waits for the next piece; nil = that was all.
    func next() throws -> Piece? {
        condition.lock()
        defer { condition.unlock() }
        while pieces.isEmpty, !isFinished { condition.wait() }
        if failure != nil { throw Abandoned() }
        guard !pieces.isEmpty else { return nil }
        let piece = pieces.removeFirst()
        condition.broadcast()
        return piece
    }
}
