import EdisonCore
import EdisonExperiments
import Foundation

/// What waits for a person in the experiments of a server's project: shown, and in a terminal asked about. When nothing
/// of an experiment waits any more, the server goes on with it.
struct ServerReview {
    private struct Waiting {
        let experiment: ServerExperiment
        let item: JSONValue

        var id: String { item["id"]?.string ?? "" }
        var detail: JSONValue { item["detail"] ?? [:] }
        var isDecided: Bool { item["decided"]?.bool == true }
        var isSuggestion: Bool { item["kind"] == "suggestion" }
    }

    let client: ServerClient
    let place: ServerOptions
    private let style = Style.progress

    init(_ client: ServerClient, _ place: ServerOptions) {
        self.client = client
        self.place = place
    }

    /// - Parameters:
    ///   - word: the beginning of the id of the one experiment that counts.
    ///   - kind: `suggestion` or `flagged`.
    func run(only word: String?, kind: String?, isAll: Bool, asks: Bool, json: String?) async throws {
        let waiting = try await waiting(word, kind, isAll)
        if let json {
            let text = JSONValue.array(waiting.map(\.item)).text(.pretty) + "\n"
            return json == "-" ? try StandardOutput.put(text) : try OutputFile(json).write(text)
        }
        if waiting.isEmpty { return StandardOutput.line("Nothing waits for a person.") }
        guard asks else {
            for one in waiting { StandardOutput.line(line(one)) }
            return
        }
        try await InterruptHandler.run(saying: "Stopped. What was decided is kept; go on with the same command.") {
            try await ask(waiting)
        }
    }

    private func waiting(_ word: String?, _ kind: String?, _ isAll: Bool) async throws -> [Waiting] {
        let rows = try await client.all("/projects/\(client.project)/experiments").map(ServerExperiment.init)
        let query = [kind.map { "kind=\($0)" }, isAll ? nil : "decided=false"].compactMap(\.self)
        var waiting: [Waiting] = []
        for row in rows where row.id.hasPrefix(word ?? "") && row.status != .draft {
            let path = "/experiments/\(row.id)/suggestions?\(query.joined(separator: "&"))"
            let items = try await client.get(path)["items"]?.array ?? []
            waiting += items.map { Waiting(experiment: row, item: $0) }
        }
        return waiting.filter(\.isSuggestion) + waiting.filter { !$0.isSuggestion }
    }

    private func line(_ one: Waiting) -> String {
        let words =
            one.isSuggestion
            ? "version \(one.detail["number"]?.int ?? 0): \(one.detail["reason"]?.string ?? "")"
            : "flagged: \(flags(one)): \"\(Figures.clipped(one.detail["text"]?.string ?? "", 60))\""
        let decided = one.isDecided ? " (decided)" : ""
        return "\(one.experiment.id.prefix(13))  \(Figures.clipped(one.experiment.name, 28))  "
            + TerminalText.plain(words) + decided
    }

    private func flags(_ one: Waiting) -> String {
        (one.detail["flags"]?.array ?? []).flatMap { $0["raised"]?.array ?? [] }.compactMap(\.string)
            .joined(separator: ", ")
    }

    private func ask(_ waiting: [Waiting]) async throws {
        for (index, one) in waiting.enumerated() where !one.isDecided {
            StandardError.line(
                "\n\(style.dim(String(repeating: "─", count: 20))) \(index + 1) of \(waiting.count) · "
                    + style.bold(one.experiment.name))
            one.isSuggestion ? show(suggestion: one) : show(flagged: one)
            let choice = one.isSuggestion ? "[a]ccept, [r]eject" : "[c]onfirm the flag, [d]ismiss it"
            StandardError.write("\(choice), [s]kip, [q]uit: ")
            guard let answer = try TerminalInput.line()?.trimmingCharacters(in: .whitespaces).lowercased() else {
                return
            }
            let decisions =
                one.isSuggestion ? ["a": "approve", "r": "reject"] : ["c": "confirmed", "d": "dismissed"]
            if answer.hasPrefix("q") { return }
            guard let decision = decisions[String(answer.prefix(1))] else { continue }
            let path = one.isSuggestion ? "/suggestions/\(one.id)/review" : "/outputs/\(one.id)/review"
            // Somebody else may have been quicker; that ends nothing.
            do { _ = try await client.post(path, ["decision": .string(decision)]) } catch let error as EdisonError {
                StandardError.line("\(error)")
            }
        }
        StandardError.line("\nThat was all. What waits for nothing more goes on at the server.")
    }

    private func show(suggestion one: Waiting) {
        let advice = one.detail["recommended"]?.bool == true ? style.green("would accept") : style.red("would reject")
        StandardError.line(
            "Version \(one.detail["number"]?.int ?? 0) in the place of version "
                + "\(one.detail["parent_number"]?.int ?? 0): \(one.detail["reason"]?.string ?? ""); the race \(advice)")
        StandardError.line("  " + TerminalText.plain(one.detail["note"]?.string ?? ""))
        let diff = TerminalText.plain(one.detail["diff"]?.string ?? "")
        for line in DiffText(style: style).lines(of: diff) { StandardError.line("    \(line)") }
    }

    private func show(flagged one: Waiting) {
        StandardError.line("Version \(one.detail["version"]?.int ?? 0), flagged: \(style.yellow(flags(one)))")
        StandardError.line("  input:  " + TerminalText.plain(one.detail["input"]?.text() ?? ""))
        StandardError.line("  answer: " + TerminalText.plain(one.detail["text"]?.string ?? ""))
    }
}
