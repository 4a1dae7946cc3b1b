/// How busy a database is, for metrics.
package struct DatabaseLoad: Sendable, Hashable {
    /// Sessions that are in use; SQLite has one writer and counts that alone.
    package let busy: Int
    /// Sessions that wait for work.
    package let idle: Int
    /// Transactions that wait for a session, or for SQLite's writer.
    package let waiting: Int
}
