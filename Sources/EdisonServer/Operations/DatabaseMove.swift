import EdisonCore
import EdisonSQL
import EdisonSchema
import Foundation

/// Moves everything into an empty database of any kind, and proves that it is there.
package struct DatabaseMove: Sendable {
    private let from: String
    private let to: String

    package init(from: String, to: String) {
        self.from = from
        self.to = to
    }

    /// What was moved.
    package struct Report: Sendable {
        package let tables: Int
        package let rows: Int
    }

    package func run() async throws -> Report {
        try requireTwo()
        return try await OpenedDatabase.existing(from) { source in
            try await Schema.requireCurrent(source)
            return try await OpenedDatabase.with(to) { destination in
                let blank = try await Schema.blank()
                // An older database that somebody uses is not changed before it is refused.
                if try await !blank.isUnused(destination) { try await Schema.requireCurrent(destination) }
                try await Schema.migrate(destination)
                let digests = try await DatabaseCopy(
                    from: source, to: destination, blank: blank, isReplacing: false
                ).run()
                return Report(tables: digests.count, rows: digests.values.reduce(0) { $0 + $1.rows })
            }
        }
    }

    private func requireTwo() throws {
        func whole(_ place: String) throws -> String {
            try Database.path(of: place).map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path } ?? place
        }
        guard try whole(from) != whole(to) else {
            throw EdisonError(.invalid, "--from and --to name the same database.", detail: "Name two.")
        }
    }
}
