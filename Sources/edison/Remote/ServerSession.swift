import EdisonCore
import EdisonExperiments
import EdisonLLM
import Foundation

/// One run of a file on a server: the same progress, files and exit statuses as those of a run here.
struct ServerSession {
    let options: RunOptions
    let place: ServerOptions
    let client: ServerClient

    func run(_ file: ExperimentFile, kind: Experiment.Kind) async throws {
        FileNotes(file, kind).say()
        try options.requireWritable(sparing: file.sources)
        do {
            try await finish(file, kind)
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    private var experiments: String { "/projects/\(client.project)/experiments" }

    private func finish(_ file: ExperimentFile, _ kind: Experiment.Kind) async throws {
        let view = RunView(isQuiet: options.json == "-")
        let upload = try ExperimentUpload(
            file, kind: kind, credentials: try await ServerCredentials(client: client).ids(for: file))
        let found = options.isNew ? nil : try await earlier(upload)
        let experiment =
            if let found { found } else { ServerExperiment(try await client.post(experiments, upload.request)) }
        let isStarted = try await start(experiment, upload, file)
        guard isStarted else { return try await show(experiment, wasFinished: true, reason: nil) }
        if !view.isQuiet {
            StandardError.line(
                "The experiment \(experiment.id) "
                    + (found == nil ? "runs" : "goes on") + " at \(client.address).")
        }
        let following = ServerFollowing(client, view)
        let ended: ServerExperiment
        do {
            ended = try await InterruptHandler.run(saying: "Stopped looking. (Once more ends at once.)") {
                try await following.untilRest(experiment.id)
            }
        } catch {
            view.end()
            let goesOn = "It goes on at the server. See it again with the same command; to end it: "
            StandardError.line(goesOn + place.command("runs cancel \(experiment.id)"))
            if error is CancellationError { throw ExitStatus.interrupted }
            throw error
        }
        view.end()
        try await show(ended, wasFinished: false, reason: following.reason)
    }

    /// The newest experiment of the same file, command and seed that a person has not ended.
    private func earlier(_ upload: ExperimentUpload) async throws -> ServerExperiment? {
        let page = try await client.get("\(experiments)?limit=1&reference=\(upload.reference)")
        guard let row = page["items"]?.array?.first.map(ServerExperiment.init), row.status != .cancelled else {
            return nil
        }
        return ServerExperiment(try await client.get("/experiments/\(row.id)"))
    }

    /// - Returns: false when there is nothing to do any more.
    private func start(
        _ experiment: ServerExperiment, _ upload: ExperimentUpload, _ file: ExperimentFile
    ) async throws -> Bool {
        let path = "/experiments/\(experiment.id)"
        switch experiment.status {
        case .running: return true
        case .completed where experiment.stopReason?.isLimit != true: return false
        case .draft:
            // It was made by an earlier try; prices and limits may have changed since, which are no part of what it is.
            _ = try await client.ask("PATCH", path, upload.changes)
            try await ask(path, file)
        default:
            // The file's limits count, as they are now.
            _ = try await client.ask("PATCH", path, upload.limits)
        }
        do { _ = try await client.post("\(path)/run") } catch let error as EdisonError
            where error.code == .conflict && experiment.status == .completed
        { return false }
        return true
    }

    /// Says what it will cost before it is spent, and asks where that is much.
    private func ask(_ path: String, _ file: ExperimentFile) async throws {
        let estimate = try await client.post("\(path)/estimate")
        let expected = estimate["cost_usd"]?["expected"]?.double.flatMap { Money(dollars: $0) }
        let money = expected.map { "about \($0.shortText)" } ?? "unknown cost, since a price is unknown"
        try CostQuestion(
            words: "Expected: about \(estimate["calls"]?.int ?? 0) calls, \(money).", expected: expected,
            hasOwnBudget: file.definition.stop.hasOwnBudget, isAgreed: options.yes, isSilent: options.json == "-"
        ).ask()
    }

    private func show(_ experiment: ServerExperiment, wasFinished: Bool, reason: String?) async throws {
        let result = try await result(of: experiment)
        if let result {
            try options.write(result)
            if options.json != "-" {
                ResultView(
                    result, wasFinished: wasFinished, failUnder: options.failUnder, review: place.command("review"),
                    hasOwnBudget: options.maxBudget != nil
                ).print()
            }
        }
        if experiment.status == .failed {
            throw EdisonError(
                .upstream, "The experiment failed at the server.",
                detail: reason ?? result?.json["verdict_reason"]?.string ?? "The result names the failures.")
        }
        if experiment.waitsForPerson {
            StandardError.line("The run waits for a person. Decide with: \(place.command("review"))")
            throw ExitStatus.awaitsPerson
        }
        if experiment.status == .cancelled {
            StandardError.line("It was cancelled at the server, for good. The same command begins another.")
            throw ExitStatus.interrupted
        }
        if experiment.status == .paused {
            StandardError.line("It was paused at the server. What is done is kept; the same command goes on with it.")
            throw ExitStatus.interrupted
        }
        guard let result else {
            throw EdisonError(.conflict, "It ended at the server before it had a result.")
        }
        let status = options.status(of: result)
        if status != .done { throw status }
    }

    private func result(of experiment: ServerExperiment) async throws -> RunResult? {
        do {
            return try await client.get("/experiments/\(experiment.id)/result").object.map { RunResult(json: $0) }
        } catch let error as EdisonError where error.code == .notFound { return nil }
    }
}
