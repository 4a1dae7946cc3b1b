import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer
import Foundation

/// What is in the database: the runs, listed, shown and looked after.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Lists the runs of the database, shows one again, or looks after it.",
        discussion: "A run is named by the beginning of its id, or by its experiment file: then the newest is meant.",
        subcommands: [
            RunsListCommand.self, RunsShowCommand.self, RunsCancelCommand.self, RunsArchiveCommand.self,
            RunsDeleteCommand.self, RunsDuplicateCommand.self, RunsProductionCommand.self,
        ], defaultSubcommand: RunsListCommand.self)
}

/// The database that the runs are in.
struct RunsDatabase: ParsableArguments {
    @Option(name: .customLong("database"), help: .database) var givenDatabase: String?
    var database: String {
        get { givenDatabase ?? RunOptions.defaultDatabase }
        set { givenDatabase = newValue }
    }

    /// nil for PostgreSQL.
    private var file: String? {
        if database.hasPrefix("postgres://") || database.hasPrefix("postgresql://") { return nil }
        return database.hasPrefix("sqlite:") ? String(database.dropFirst(7)) : database
    }

    /// A command on this database, as a person types it.
    func command(_ words: String) -> String {
        "edison \(words)\(DatabaseOption.words(database))"
    }

    /// An output never takes the place of the database, or of the file that a run was read from.
    func requireSpared(by path: String, _ others: [String] = []) throws {
        let taken = [file, file.map { $0 + "-wal" }, file.map { $0 + "-shm" }].compactMap(\.self) + others
        guard taken.map(OutputFile.resolved).contains(OutputFile.resolved(path)) else { return }
        throw EdisonError(
            .invalid, "Cannot write to \(path): it is the database, or the file of the run.",
            detail: "Name another file.")
    }

    /// A database is not made by looking for it.
    func requirePresent() throws {
        if let file, !FileManager.default.fileExists(atPath: file) {
            throw EdisonError(
                .notFound, "There is no database \(file).",
                detail: "The first run makes it: edison refine FILE. Another one is named with --database.")
        }
    }

    /// Opens a database that is there: looking for runs makes none.
    func open<Value>(_ use: (Workbench) async throws -> Value) async throws -> Value {
        try requirePresent()
        let workbench = try await Workbench.open(database: database)
        do {
            let value = try await use(workbench)
            await workbench.close()
            return value
        } catch {
            await workbench.close()
            throw error
        }
    }
}

/// Which run of the database a command is about.
struct ChosenRun: ParsableArguments {
    @Argument(help: "The beginning of the run's id, or its experiment file.") var run: String
    @OptionGroup var place: RunsDatabase

    func open<Value>(_ use: (Workbench, StoredRun) async throws -> Value) async throws -> Value {
        try await place.open { workbench in
            let file = URL(fileURLWithPath: run).standardizedFileURL.path
            return try await use(workbench, try await workbench.experiments.run(run, file: file))
        }
    }
}

/// The runs, newest first.
struct RunsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the runs, newest first.")

    @OptionGroup var place: RunsDatabase
    @OptionGroup var elsewhere: ServerOptions
    @Flag(help: "Lists archived runs as well.") var all = false
    @Option(help: "Writes the list as JSON; - is standard output.") var json: String?

    func run() async throws {
        if let client = try elsewhere.client(database: place.database) {
            return try await ServerRuns.use(client, elsewhere) { try await $0.list(isAll: all, json: json) }
        }
        let runs = try await place.open { try await $0.experiments.runs() }
        let shown = runs.filter { all || $0.experiment.status != .archived }
        if let json {
            let text = JSONValue.array(shown.map(\.json)).text(.pretty) + "\n"
            if json == "-" { return try StandardOutput.put(text) }
            try place.requireSpared(by: json)
            try OutputFile(json).write(text)
        }
        for line in RunsView(all: runs).lines(shown) { StandardOutput.line(line) }
        let hidden = runs.count - shown.count
        if hidden > 0 {
            StandardError.line("\(hidden) archived \(hidden == 1 ? "run is" : "runs are") left out; --all shows all.")
        }
    }
}

/// The result of a run, as at its end.
struct RunsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a run and its stored result again; no model is asked.")

    @OptionGroup var chosen: ChosenRun
    @OptionGroup var elsewhere: ServerOptions
    @Option(help: "Writes the result as JSON; - is standard output.") var json: String?
    @Option(help: "Writes best prompt, diffs and an HTML report into this folder.") var output: String?

    func run() async throws {
        if let client = try elsewhere.client(database: chosen.place.database) {
            return try await ServerRuns.use(client, elsewhere) {
                try await $0.show(chosen.run, json: json, output: output)
            }
        }
        let (run, result) = try await chosen.open { workbench, run in
            (run, try await workbench.experiments.result(of: run))
        }
        if json != "-" {
            for line in RunsView(all: [run]).about(run) { StandardOutput.line(line) }
        }
        guard let result else {
            let isOver = [.cancelled, .archived].contains(run.experiment.status)
            let words =
                isOver
                ? "It was ended before it had a result."
                : "It has no result yet; it gets one when it ends: edison resume"
            if json != nil || output != nil { throw EdisonError(.notFound, words) }
            return StandardOutput.line(words)
        }
        if let output { try RunFolder(result).write(to: URL(fileURLWithPath: output, isDirectory: true)) }
        if json == "-" { return try StandardOutput.put(result.text) }
        if let json {
            try chosen.place.requireSpared(by: json, [run.file].compactMap(\.self))
            try OutputFile(json).write(result.text)
        }
        if run.outcome == nil {
            StandardOutput.line("It has not come to an end since it was last started. The end before that one:")
        }
        ResultView(result, wasFinished: false, review: chosen.place.command("review")).print()
    }
}
