import EdisonCore

/// What a session hears while it waits.
extension PostgresConnection {
    /// Listens to what is told in its schema, and to what it tells itself, to find out whether it can hear.
    /// - Parameter echo: the channel on which it calls itself.
    func listen(echo: String) throws {
        guard let channel = try fetch("SELECT \(Dialect.channel) AS channel").first?.string("channel") else {
            throw EdisonError(.internal, "PostgreSQL names no channel.")
        }
        _ = try execute(SQL(stringLiteral: "LISTEN \"\(channel)\""))
        _ = try execute(SQL(stringLiteral: "LISTEN \"\(echo)\""))
    }

    func callOut(echo: String) throws { _ = try fetch("SELECT pg_notify(\(echo), '')") }

    /// What was heard by now, and whether its own call was among it.
    func heard(echo: String) throws -> (texts: [String], isOwnCallHeard: Bool) {
        guard library.consumeInput(connection) == 1 else { throw PostgresFailure(state: "", message: words) }
        var texts: [String] = []
        var isOwnCallHeard = false
        // struct pgNotify { char *relname; int be_pid; char *extra; … }
        while let notice = library.notifies(connection) {
            defer { library.freeMemory(notice) }
            let name = String(cString: notice.load(as: LibPQ.CText.self))
            if name == echo {
                isOwnCallHeard = true
            } else {
                texts.append(String(cString: notice.load(fromByteOffset: 16, as: LibPQ.CText.self)))
            }
        }
        return (texts, isOwnCallHeard)
    }

    var socket: Int32 { library.socket(connection) }
}
