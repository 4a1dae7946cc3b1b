extension Database {
    /// What transactions tell on a channel (`DatabaseConnection.notify`), in this process and in all others on the same
    /// database, and `look` where something may have been missed: at the beginning, and after a lost connection.
    ///
    /// On SQLite others are not heard one by one: a look into the file, some times a second, tells that something was
    /// stored. The stream ends when the database is closed.
    package func listen(to channel: String) -> AsyncStream<Notice> { board.listen(to: channel) }

    /// Sends what the transaction tells with its commit, and tells it here after that.
    func announcing<Value>(
        _ work: @escaping @Sendable (any DatabaseConnection) throws -> Value
    ) -> @Sendable (any DatabaseConnection) throws -> Value {
        { [board] db in
            let value = try work(db)
            for announcement in db.announcements {
                if let statement = db.dialect.notification(announcement.text(from: board.origin)) {
                    _ = try db.fetch(statement)
                }
                db.afterCommit { board.tell(announcement) }
            }
            return value
        }
    }
}
