import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonServer
import Foundation

/// What waits for a person in all runs: suggestions, and outputs that were flagged.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Shows what waits for a person in all runs, and takes the decisions.",
        discussion: """
            In a terminal each is shown and asked about: suggestions first, then flagged outputs. Each decision is kept \
            at once; a run for which all are taken can go on.
            """)

    @Argument(help: "Only of this run: the beginning of its id, or its experiment file.") var ofRun: String?
    @OptionGroup var place: RunsDatabase
    @OptionGroup var elsewhere: ServerOptions
    @Option(help: "Only suggestions, or only flags.") var only: ReviewFilter.Kind?
    @Option(
        help: "Only outputs with this flag: policy_violation, pii_detected, toxic_content or jailbreak_attempt.")
    var flag: Flagged?
    @Option(help: "Only outputs that this judge flagged; \"safety scan\" is one.") var by: String?
    @Flag(help: "With what has been decided.") var all = false
    @Flag(help: "Lists without asking.") var list = false
    @Option(help: "Writes the list as JSON, without asking; - is standard output.") var json: String?

    enum Flagged: String, ExpressibleByArgument, CaseIterable {
        case policyViolation = "policy_violation"
        case piiDetected = "pii_detected"
        case toxicContent = "toxic_content"
        case jailbreakAttempt = "jailbreak_attempt"
    }

    func run() async throws {
        let canAsk = isatty(0) == 1 && StandardError.isTerminal && !list && json == nil
        if let client = try elsewhere.client(database: place.database) { return try await ask(client, canAsk) }
        let ready = try await place.open { workbench in
            let runs = try await workbench.experiments.runs()
            let filter = try filter(runs)
            let items = try await workbench.reviews.items(filter)
            if let json {
                try put(ReviewList(items, runs: runs).json, json, sparing: runs.compactMap(\.file))
                return [] as [StoredRun]
            }
            var isDone = true
            if items.isEmpty {
                StandardOutput.line(isFiltered ? "Nothing that waits is like that." : "Nothing waits for a person.")
            } else if canAsk {
                isDone = try await ask(items, workbench)
            } else {
                for line in ReviewList(items, runs: runs).lines { StandardOutput.line(line) }
                if !list, items.contains(where: { !$0.isDecided }) {
                    StandardError.line("In a terminal the same command asks about each.")
                }
            }
            let ready = try await workbench.reviews.ready(among: try await workbench.experiments.runs())
                .filter { filter.run == nil || filter.run == $0.experiment.id }
            if canAsk, isDone { return ready }
            for run in ready { StandardError.line("\(run.experiment.name) can go on: \(resuming(run))") }
            return []
        }
        try await goOn(ready)
    }

    private func ask(_ client: ServerClient, _ canAsk: Bool) async throws {
        guard flag == nil, by == nil else {
            throw EdisonError(.invalid, "--flag and --by do not go with --server.", detail: "--only flags does.")
        }
        let kind = only.map { $0 == .flags ? "flagged" : "suggestion" }
        do {
            try await ServerReview(client, elsewhere).run(
                only: ofRun, kind: kind, isAll: all, asks: canAsk, json: json)
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    private func put(_ text: String, _ path: String, sparing files: [String]) throws {
        if path == "-" { return try StandardOutput.put(text) }
        try place.requireSpared(by: path, files)
        try OutputFile(path).write(text)
    }

    private var isFiltered: Bool { only != nil || ofRun != nil || flag != nil || by != nil }

    private func filter(_ runs: [StoredRun]) throws -> ReviewFilter {
        var filter = ReviewFilter()
        filter.kind = only
        filter.flag = flag?.rawValue
        filter.raisedBy = by
        filter.includesDecided = all
        filter.run = try ofRun.map { word in
            let file = URL(fileURLWithPath: word).standardizedFileURL.path
            return try RunChoice(runs: runs).run(word, file: file).experiment.id
        }
        return filter
    }

    /// - Returns: whether the person went through all of them.
    private func ask(_ items: [ReviewItem], _ workbench: Workbench) async throws -> Bool {
        try await InterruptHandler.run(saying: "Stopped. What was decided is kept; go on with the same command.") {
            try await ReviewDialogue(items).ask { decision, item in
                switch decision {
                case .suggestion(let suggestion, let decision):
                    try await workbench.reviews.decide(decision, on: suggestion, of: item.run)
                case .flagged(let output, let review):
                    try await workbench.reviews.decide(review, on: output, of: item.run)
                }
            }
        }
    }

    private func resuming(_ run: StoredRun) -> String { place.command("resume \(run.experiment.id)") }

    /// A decision moves its run on: here and now if the person likes.
    private func goOn(_ runs: [StoredRun]) async throws {
        var isWaiting = false
        var failure: ExitStatus?
        for run in runs {
            StandardError.write("\n\(TerminalText.plain(run.experiment.name)) can go on. Now? [Y/n] ")
            let answer = try TerminalInput.line()?.trimmingCharacters(in: .whitespaces).lowercased()
            guard let answer, ["", "y", "yes"].contains(answer) else {
                StandardError.line("Later: \(resuming(run))")
                continue
            }
            let resume = try ResumeCommand.parse([run.experiment.id.text, "--database", place.database])
            do { try await resume.run() } catch ExitStatus.awaitsPerson { isWaiting = true } catch let error
                as EdisonError
            {
                StandardError.line("\(error)")
                failure = failure ?? ExitStatus(error)
            }
        }
        if let failure { throw failure }
        if isWaiting { throw ExitStatus.awaitsPerson }
    }
}

extension ReviewFilter.Kind: ExpressibleByArgument {}
