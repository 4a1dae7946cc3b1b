import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer
import Foundation

/// What every command that runs a file understands.
struct RunOptions: ParsableArguments {
    /// That of a server whose variables stand in the environment.
    static let defaultDatabase = (try? SettingSources.here().settings().database) ?? ServerSettings().database

    @Option(name: .customLong("database"), help: .database) var givenDatabase: String?
    var database: String {
        get { givenDatabase ?? Self.defaultDatabase }
        set { givenDatabase = newValue }
    }
    @Option(help: "Writes the result as JSON; - is standard output.") var json: String?
    @Option(help: "Writes a JUnit report.") var junit: String?
    @Option(help: "Writes a summary in Markdown.") var markdown: String?
    @Option(help: "Writes best prompt, diffs and an HTML report into this folder.") var output: String?
    @Option(help: "Exit status 1 when the score is below this (0 to 1).") var failUnder: Double?
    @Option(help: "The most that the run may spend, in USD.") var maxBudget: Double?
    @Option(help: "Stands above the file's seed.") var seed: UInt64?
    @Option(help: "Calls under way at once.") var concurrency: Int?
    @Flag(name: .customLong("new"), help: "Begins another run of the same file.") var isNew = false
    @Flag(help: "Does not ask before spending.") var yes = false

    func validate() throws {
        if let failUnder, !(0...1).contains(failUnder) { throw ValidationError("--fail-under lies between 0 and 1") }
        if let maxBudget, !maxBudget.isFinite || maxBudget < 0 {
            throw ValidationError("--max-budget is a number of USD, 0 or more")
        }
        if let seed, seed > UInt64(Int64.max) { throw ValidationError("--seed lies between 0 and \(Int64.max)") }
        if let concurrency, !(1...512).contains(concurrency) {
            throw ValidationError("--concurrency lies between 1 and 512")
        }
    }

    var overrides: ExperimentFile.Overrides {
        ExperimentFile.Overrides(
            seed: seed, maxBudget: maxBudget.flatMap { Money(dollars: $0) }, concurrency: concurrency)
    }

    /// What another sitting of the same run must be told as well.
    var sitting: [String] {
        var words: [String] = []
        if let seed { words += ["--seed", String(seed)] }
        if let maxBudget { words += ["--max-budget", String(maxBudget)] }
        if let concurrency { words += ["--concurrency", String(concurrency)] }
        return words
    }

    var start: ExperimentService.Start { isNew ? .new : .continueOrNew }

    /// Writes what was asked for; each file is complete or not there at all.
    func write(_ result: RunResult) throws {
        if let json { try put(result.text, json) }
        if let junit { try put(JUnitReport(result, failUnder: failUnder).text, junit) }
        if let markdown { try put(MarkdownSummary(result, failUnder: failUnder).text, markdown) }
        if let output { try RunFolder(result).write(to: URL(fileURLWithPath: output, isDirectory: true)) }
    }

    /// Everything that is to be written at the end, tried before anything is spent.
    ///
    /// - Parameter sources: what the run rests on, which no output may replace.
    func requireWritable(sparing sources: [String]) throws {
        var taken = Set(
            (sources + [databaseFile, databaseFile + "-wal", databaseFile + "-shm"]).map(OutputFile.resolved))
        let paths = [json, junit, markdown].compactMap(\.self)
        if paths.count(where: { $0 == "-" }) > 1 {
            throw EdisonError(.invalid, "Only one of --json, --junit and --markdown can go to standard output.")
        }
        for path in paths where path != "-" {
            let file = OutputFile(path)
            try file.requireWritable()
            if !file.isDevice, !taken.insert(OutputFile.resolved(path)).inserted {
                throw EdisonError(
                    .invalid,
                    "Cannot write to \(path): it is the database, a file of the experiment, or another output.",
                    detail: "Name another file.")
            }
        }
        if let output { try RunFolder.requireWritable(URL(fileURLWithPath: output, isDirectory: true)) }
    }

    var databaseFile: String {
        database.hasPrefix("sqlite:") ? String(database.dropFirst(7)) : database
    }

    private func put(_ text: String, _ path: String) throws {
        if path == "-" { return try StandardOutput.put(text) }
        try OutputFile(path).write(text)
    }

    func status(of result: RunResult) -> ExitStatus {
        guard let bar = result.bar else { return .nothingEvaluated }
        if let failUnder, bar < failUnder { return .belowBar }
        return .done
    }
}
