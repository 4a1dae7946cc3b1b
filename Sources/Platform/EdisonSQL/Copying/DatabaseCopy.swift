import EdisonCore

/// Moves everything from one database to another, of whatever kinds: one snapshot of the source, one transaction of the
/// destination. Whoever is killed on the way leaves the destination as it was.
package struct DatabaseCopy: Sendable {
    private enum Piece: Sendable {
        case rows(Int, [[SQLValue]])
        case late(Int, [[SQLValue]])
        case digest(Int, TableDigest)
    }

    private let source: Database
    private let destination: Database
    private let blank: BlankDatabase
    private let order: FillOrder
    /// What the destination holds is given up for what the source holds.
    private let isReplacing: Bool

    /// - Parameter blank: which tables there are, and what a new database has in them.
    package init(from source: Database, to destination: Database, blank: BlankDatabase, isReplacing: Bool) throws {
        self.source = source
        self.destination = destination
        self.blank = blank
        self.isReplacing = isReplacing
        order = try FillOrder(blank.tables)
    }

    /// - Returns: what the destination now holds, by table, in the order of the names; equal to what the source holds.
    package func run() async throws -> [String: TableDigest] {
        let channel = BatchChannel<Piece>()
        return try await withThrowingTaskGroup(of: [String: TableDigest]?.self) { group in
            group.addTask {
                do { try await source.read { db in try read(db, into: channel) } } catch {
                    channel.finish(error)
                    throw error
                }
                channel.finish()
                return nil
            }
            group.addTask {
                do {
                    return try await destination.write { db in
                        // What was taken out of the channel does not come twice.
                        guard channel.begin() else {
                            throw EdisonError(
                                .conflict, "Something else changed \(destination.name) meanwhile; nothing was copied.",
                                detail: "Stop what works on it, and start again.")
                        }
                        return try write(db, from: channel)
                    }
                } catch {
                    channel.abandon()
                    throw error
                }
            }
            return try await Self.outcome(of: &group)
        }
    }

    /// The reason, not its echo on the other side.
    private static func outcome(
        of group: inout ThrowingTaskGroup<[String: TableDigest]?, any Error>
    ) async throws -> [String: TableDigest] {
        var digests: [String: TableDigest]?
        var failure: (any Error)?
        while let result = await group.nextResult() {
            switch result {
            case .success(let found): digests = found ?? digests
            case .failure(let error):
                if failure == nil || failure is BatchChannel<Piece>.Abandoned { failure = error }
            }
        }
        if let failure { throw failure }
        guard let digests else { throw EdisonError(.internal, "The copy ended without a result.") }
        return digests
    }

    private func read(_ db: any DatabaseConnection, into channel: BatchChannel<Piece>) throws {
        for (index, step) in order.steps.enumerated() {
            var digest = TableDigest()
            try TableContent(db: db, table: step.table).read { rows in
                for row in rows { digest.add(row) }
                try channel.put(.rows(index, rows))
            }
            try channel.put(.digest(index, digest))
        }
        for (index, step) in order.steps.enumerated() where !step.late.isEmpty {
            try TableContent(db: db, table: step.table).read { rows in try channel.put(.late(index, rows)) }
        }
    }

    private func write(
        _ db: any DatabaseConnection, from channel: BatchChannel<Piece>
    ) throws -> [String: TableDigest] {
        if !isReplacing { try requireBlank(db) }
        for step in order.steps {
            for column in step.late { try TableContent(db: db, table: step.table).empty(column) }
        }
        for step in order.steps.reversed() { try TableContent(db: db, table: step.table).clear() }
        var expected: [String: TableDigest] = [:]
        while let piece = try channel.next() {
            switch piece {
            case .rows(let index, let rows):
                let step = order.steps[index]
                try TableContent(db: db, table: step.table).insert(rows, leavingEmpty: step.late)
            case .late(let index, let rows):
                let step = order.steps[index]
                try TableContent(db: db, table: step.table).complete(rows, step.late)
            case .digest(let index, let digest): expected[order.steps[index].table.name] = digest
            }
        }
        try verify(db, expected)
        return expected
    }

    private func requireBlank(_ db: any DatabaseConnection) throws {
        let filled = try blank.filled(in: db)
        if filled.isEmpty { return }
        let shown = filled.prefix(6).map { "\($0.rows) in \($0.table)" }.joined(separator: ", ")
        let more = filled.count > 6 ? ", and \(filled.count - 6) more tables" : ""
        throw EdisonError(
            .conflict, "\(destination.name) is not empty: rows are \(shown)\(more).", detail: "Name an empty database.")
    }

    private func verify(_ db: any DatabaseConnection, _ expected: [String: TableDigest]) throws {
        for step in order.steps {
            let found = try TableContent(db: db, table: step.table).digest()
            guard let wanted = expected[step.table.name], wanted != found else { continue }
            throw EdisonError(
                .conflict,
                "The copy of \(step.table.name) differs: \(wanted.rows) rows were read and \(found.rows) written, "
                    + "or some of them with other values. Nothing was copied.",
                detail: "Stop what works on \(destination.name), and start again.")
        }
    }
}
