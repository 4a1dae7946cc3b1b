import EdisonCore
import EdisonDatasets
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import EdisonServer
import Foundation

/// One search for harder cases, from the file to the written cases: announce, search, let a person read them, write.
struct GenerationSession {
    let options: RunOptions
    let count: Int
    /// Where the cases go.
    let output: String
    /// The experiment file as it was named.
    let file: String

    private var isQuiet: Bool { options.json == "-" }

    func run(_ read: ExperimentFile) async throws {
        for row in read.rejectedRows { StandardError.line("left out: \(row)") }
        for warning in read.warnings { StandardError.line("note: \(warning)") }
        let view = RunView(isQuiet: isQuiet)
        let workbench = try await Workbench.open(
            database: options.database, onCall: { view.called($0) }, onTraffic: { view.heard($0) })
        do {
            let result = try await search(read, view, workbench)
            view.end()
            await workbench.close()
            try conclude(result)
        } catch {
            view.end()
            await workbench.close()
            throw error
        }
    }

    private func search(
        _ read: ExperimentFile, _ view: RunView, _ workbench: Workbench
    ) async throws -> GenerationResult {
        var definition = read.definition
        let hasOwnBudget = definition.stop.hasOwnBudget
        try LimitPolicy(prices: workbench.calls).apply(to: &definition)
        let subject = try await workbench.experiments.generationSubject(of: definition)
        if !isQuiet { StandardError.line(introduction(subject)) }
        let estimate = CostEstimate(
            generating: count, measuring: subject.missingCases, subject.definition,
            prices: { workbench.calls.price(of: $0) })
        try CostQuestion(
            estimate: estimate, hasOwnBudget: hasOwnBudget, isAgreed: options.yes, isSilent: isQuiet
        ).ask()
        view.expect(calls: estimate.calls)
        let words = GenerationEventText(style: .progress)
        let count = count
        return try await InterruptHandler.run {
            var (generation, totals) = try await workbench.experiments.generate(
                subject, count: count,
                report: { event in
                    // What is said where nobody looks is lost.
                    if !self.isQuiet { for line in words.lines(of: event) { view.line(line) } }
                })
            view.end()
            if let confirmer = confirmer(subject) {
                generation.kept = confirmer.confirmed(generation)
                if Task.isCancelled { generation.end = .cancelled }
            }
            return GenerationResult(generation, totals: totals, definition: subject.definition)
        }
    }

    private func introduction(_ subject: GenerationSubject) -> String {
        subject.run == nil
            ? "No finished run of \(file) as it is now: cases are looked for that fail the prompt of the file."
            : "Cases are looked for that fail version \(subject.version.number), the best of the finished run."
    }

    private func confirmer(_ subject: GenerationSubject) -> TerminalConfirmer? {
        guard !options.yes, isatty(0) == 1, StandardError.isTerminal else { return nil }
        return TerminalConfirmer(prompt: subject.version.content)
    }

    private func conclude(_ result: GenerationResult) throws {
        let cases = result.cases.map(\.testCase)
        if !cases.isEmpty { try OutputFile(output).write(ExperimentFileWriter.lines(of: cases)) }
        if let json = options.json {
            if json == "-" { try StandardOutput.put(result.text) } else { try OutputFile(json).write(result.text) }
        }
        if !isQuiet {
            let folder = URL(fileURLWithPath: file).standardizedFileURL.deletingLastPathComponent().path
            let line = ExperimentFileWriter.dataset(file: ShortPath(output, from: folder).text, kind: .adversarial)
            GenerationView(result, output: output, file: file, datasetLine: line).print()
        }
        switch result.generation.end {
        case .failed(let error): throw error
        case .cancelled: throw ExitStatus.interrupted
        case .limit where result.generation.kept.isEmpty: throw ExitStatus.nothingEvaluated
        case .limit, .reached, .exhausted: return
        }
    }
}
