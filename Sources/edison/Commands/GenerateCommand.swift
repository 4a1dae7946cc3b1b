import ArgumentParser
import EdisonCore
import EdisonExperiments
import Foundation

/// Writes test cases that the prompt of a file fails.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Writes harder test cases: such as the best version of a file's run fails.",
        discussion: """
            The refiner's model writes them, the models and judges of the file try them. What it will cost is shown first.
            Without a finished run the prompt of the file is tried.
            """)

    @Argument(help: "The experiment file (YAML).") var file: String
    @Option(help: "How many cases to find.") var count = 20
    @Option(help: "Where to write the cases (JSON lines); else beside the file, named like it.") var output: String?
    @Option(help: "Writes the report as JSON; - is standard output.") var json: String?
    @Option(name: .customLong("database"), help: .database) var givenDatabase: String?
    var database: String {
        get { givenDatabase ?? RunOptions.defaultDatabase }
        set { givenDatabase = newValue }
    }
    @Option(help: "The most that may be spent, in USD.") var maxBudget: Double?
    @Option(help: "The seed of the run; stands above the file's.") var seed: UInt64?
    @Option(help: "Calls under way at once.") var concurrency: Int?
    @Flag(help: "Overwrites files that exist.") var force = false
    @Flag(help: "Asks nothing: neither before spending nor about the cases.") var yes = false

    func validate() throws {
        if !(1...500).contains(count) { throw ValidationError("--count lies between 1 and 500") }
        try runOptions.validate()
    }

    func run() async throws {
        let read = try ExperimentFile.read(
            path: file, environment: ProcessInfo.processInfo.environment, overrides: runOptions.overrides,
            purpose: .eval)
        guard read.definition.refiner != nil else {
            throw EdisonError(
                .invalid, "\(file) has no refiner, and the refiner's model is what writes the cases.",
                detail: "Add to the file: refiner: { provider: …, model: … }")
        }
        guard !read.definition.models.isEmpty else {
            throw EdisonError(
                .invalid, "\(file) compares variants and has no models: of its own to try cases with.",
                detail: "Generate for a file with prompt: and models:.")
        }
        let place = output ?? Self.place(beside: file)
        let target = OutputFile(place)
        if !force, !target.isDevice, FileManager.default.fileExists(atPath: place) {
            throw EdisonError(
                .conflict, "\(place) exists.", detail: "Choose another --output, or overwrite it with --force.")
        }
        try target.requireWritable()
        try runOptions.requireWritable(sparing: read.sources + [place])
        try requireNew(place, read.sources)
        try await GenerationSession(
            options: runOptions, count: count, output: place, file: file
        ).run(read)
    }

    /// What the file rests on is not written over, with --force either.
    private func requireNew(_ place: String, _ sources: [String]) throws {
        guard sources.map(OutputFile.resolved).contains(OutputFile.resolved(place)) else { return }
        throw EdisonError(
            .invalid, "Cannot write to \(place): it is a file of the experiment.", detail: "Name another file.")
    }

    /// `support.harder.jsonl` beside `support.yaml`.
    private static func place(beside file: String) -> String {
        ShortPath(URL(fileURLWithPath: file).deletingPathExtension().path + ".harder.jsonl").text
    }

    /// What is common to commands that spend on a file.
    private var runOptions: RunOptions {
        var options = RunOptions()
        options.database = database
        options.json = json
        options.junit = nil
        options.markdown = nil
        options.output = nil
        options.failUnder = nil
        options.maxBudget = maxBudget
        options.seed = seed
        options.concurrency = concurrency
        options.isNew = false
        options.yes = yes
        return options
    }
}
