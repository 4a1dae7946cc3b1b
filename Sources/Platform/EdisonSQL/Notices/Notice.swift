/// What a listener hears of what others have stored.
package enum Notice: Sendable, Hashable {
    /// The words of one who told.
    case payload(String)
    /// Something may have been stored of which nothing was heard: look.
    case look
}

/// What a transaction tells once it is stored.
package struct Announcement: Sendable, Hashable {
    let channel: String
    let payload: String

    init(channel: String, payload: String) {
        self.channel = channel
        self.payload = payload
    }

    /// As it goes to other processes, with the name of the one that tells: who heard it here already leaves it out.
    func text(from origin: String) -> String {
        let whole = "\(origin)\n\(channel)\n\(payload)"
        // PostgreSQL takes less than 8,000 bytes; who is told nothing looks.
        return whole.utf8.count < 7_900 ? whole : "\(origin)\n\(channel)"
    }
}

/// Hears of what other processes store, until it is stopped.
protocol NoticeSource: Sendable {
    /// Does not wait; stopping it twice does no harm.
    func stop()
}

/// What a source hears.
enum Rumour: Sendable {
    /// An announcement of some process, this one perhaps.
    case text(String)
    /// Something was stored, or the source was deaf for a while.
    case unknown
}
