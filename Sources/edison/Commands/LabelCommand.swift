import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer
import Foundation

/// Lets a person score outputs of a finished run, and corrects what the judges found by that.
struct LabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Shows outputs of a finished run to be scored by a person.",
        discussion:
            "Neither the version nor the judges' scores are shown. What is said of an output is kept as soon as all criteria have a score."
    )

    @Argument(help: "The experiment file; without it the newest finished run.") var file: String?
    @Option(help: "How many cases are picked, with those picked before; 15 unless more were.") var count: Int?
    @Option(
        name: .customLong("export"), help: "Writes what is picked as JSON lines to be filled in; - is standard output.")
    var exportFile: String?
    @Option(name: .customLong("import"), help: "Reads filled-in JSON lines; - is standard input.")
    var importFile: String?
    @Flag(help: "Exports over a file in which scores are filled in that are not imported.") var force = false
    @Option(help: "Writes the run's result as JSON; - is standard output.") var json: String?
    @Option(name: .customLong("database"), help: .database) var givenDatabase: String?
    var database: String {
        get { givenDatabase ?? RunOptions.defaultDatabase }
        set { givenDatabase = newValue }
    }
    @Option(help: "Takes the run with this seed.") var seed: UInt64?

    func validate() throws {
        if let count, !(1...10_000).contains(count) { throw ValidationError("--count lies between 1 and 10000") }
        if let seed, seed > UInt64(Int64.max) { throw ValidationError("--seed lies between 0 and \(Int64.max)") }
        if exportFile != nil, importFile != nil {
            throw ValidationError("--export and --import are two steps: name one of them")
        }
        if exportFile == "-", json == "-" {
            throw ValidationError("only one of --export and --json can go to standard output")
        }
    }

    func run() async throws {
        for path in [exportFile, json].compactMap(\.self) where path != "-" { try OutputFile(path).requireWritable() }
        let text = try importFile.map(Self.text)
        let canAsk = isatty(0) == 1 && StandardError.isTerminal
        if exportFile == nil, text == nil, !canAsk {
            throw EdisonError(
                .invalid, "Nobody can be asked: this is no terminal.",
                detail:
                    "Write the outputs to a file with --export FILE, fill in the scores, and read it with --import FILE."
            )
        }
        let workbench = try await Workbench.open(database: database)
        do {
            try await label(workbench.labels, text)
            await workbench.close()
        } catch {
            await workbench.close()
            throw error
        }
    }

    /// Scores that a person filled in and has not imported yet stand nowhere else.
    private static func requireNothingLost(_ path: String, by new: String) throws {
        guard path != "-", let old = try? String(contentsOfFile: path, encoding: .utf8) else { return }
        guard !scores(old).isSubset(of: scores(new)) else { return }
        throw EdisonError(
            .conflict, "\(path) exists, and scores are filled in that are not imported.",
            detail: "Read them with --import \(path), export to another file, or write over them with --force.")
    }

    /// The filled-in lines: outputs with their scores.
    private static func scores(_ text: String) -> Set<[String]> {
        let rows = text.split(whereSeparator: \.isNewline).compactMap { try? JSONValue(parsing: String($0)) }
        let filled = rows.map { row in
            let scores = (row["scores"]?.object ?? [:]).compactMap { name, score in
                score.double.map { "\(name): \($0)" }
            }
            return scores.isEmpty ? [] : [row["output_id"]?.string ?? ""] + scores.sorted()
        }
        return Set(filled.filter { !$0.isEmpty })
    }

    private func label(_ labels: LabelService, _ text: String?) async throws {
        let wanted = file.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        let run = try await labels.open(file: wanted, seed: seed)
        var result = try await labels.result(of: run)
        if let text {
            let imported = try await labels.take(
                text, named: importFile == "-" ? "The input" : importFile ?? "", in: run)
            result = imported.result
            let empty = imported.empty > 0 ? "; \(Figures.count(imported.empty, "line")) without scores yet" : ""
            StandardError.line("\(Figures.count(imported.stored, "label")) stored\(empty).")
        } else {
            let sheet = try await labels.sheet(run, count: count)
            if let exportFile {
                if !force { try Self.requireNothingLost(exportFile, by: sheet.lines) }
                try put(sheet.lines, exportFile)
                let done = sheet.items.count - sheet.unlabelled.count
                if let count, count < sheet.picked {
                    StandardError.line("\(sheet.picked) cases are picked already; they stay.")
                } else if let count, count > sheet.available {
                    StandardError.line("There are only \(sheet.available) cases.")
                }
                StandardError.line(
                    "\(Figures.count(sheet.items.count, "output")) of \(Figures.count(sheet.picked, "case"))\(done > 0 ? ", \(done) of them labelled" : ""). "
                        + "Fill in \"scores\", then: \(importing(exportFile))")
            } else {
                try await InterruptHandler.run(
                    saying: "Stopped. Go on with the same command\(LabelDialogue.ofHalfScored)."
                ) {
                    try await LabelDialogue(sheet: sheet).ask { label in try await labels.save(label, in: run) }
                }
                result = try await labels.result(of: run)
            }
        }
        if let json { try put(result.text, json) }
        if json != "-", exportFile != "-" {
            for line in PeopleText(result, style: .output).lines { StandardOutput.line(line) }
        }
    }

    private func importing(_ path: String) -> String {
        let words = [
            "edison label", file, seed.map { "--seed \($0)" },
            String(DatabaseOption.words(database).dropFirst()),
            "--import \(path == "-" ? "FILE" : path)",
        ]
        return words.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func put(_ text: String, _ path: String) throws {
        if path == "-" { return try StandardOutput.put(text) }
        try OutputFile(path).write(text)
    }

    private static func text(_ path: String) throws -> String {
        let data: Data
        do {
            data =
                path == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data()
                : try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw EdisonError(.invalid, "Cannot read \(path).", detail: SystemWords.of(error), underlying: error)
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw EdisonError(.invalid, "\(path) is not UTF-8.")
        }
        return text
    }
}
