import ArgumentParser
import EdisonCore
import EdisonSQL
import EdisonServer

/// Moves everything to another database.
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copies everything into an empty database of any kind, and checks it.",
        discussion: """
            The copy is what the source held at one moment, in one transaction: whatever ends it early leaves the \
            destination empty, and the same command starts again.
            """)

    @Option(help: "Where from: a SQLite file or a postgres://… URL.") var from: String
    @Option(help: "Where to: an empty or new database of either kind.") var to: String

    func run() async throws {
        let report = try await DatabaseMove(from: from, to: to).run()
        StandardOutput.line(
            "copied \(Figures.count(report.rows, "row")) of \(Figures.count(report.tables, "table")) from "
                + "\(Database.shownName(of: from)) to \(Database.shownName(of: to)); number and hash of the rows of "
                + "every table agree")
        StandardError.line("What is written into the source from now on is not in the copy.")
    }
}
