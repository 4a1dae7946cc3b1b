import EdisonCore
import EdisonExperiments
import Foundation

/// The experiments of a server's project, as `edison runs` lists, shows and ends them.
struct ServerRuns {
    let client: ServerClient
    let place: ServerOptions
    private let style = Style.output

    init(_ client: ServerClient, _ place: ServerOptions) {
        self.client = client
        self.place = place
    }

    /// Does one thing, and closes the connection.
    static func use(_ client: ServerClient, _ place: ServerOptions, _ work: (ServerRuns) async throws -> Void)
        async throws
    {
        do {
            try await work(ServerRuns(client, place))
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    private func rows(isAll: Bool) async throws -> [JSONValue] {
        let path = "/projects/\(client.project)/experiments"
        let live = try await client.all(path)
        guard isAll else { return live }
        return (live + (try await client.all(path, "&status=archived")))
            .sorted { ($0["id"]?.string ?? "") > ($1["id"]?.string ?? "") }
    }

    func list(isAll: Bool, json: String?) async throws {
        let rows = try await rows(isAll: isAll)
        if let json {
            let text = JSONValue.array(rows).text(.pretty) + "\n"
            if json == "-" { return try StandardOutput.put(text) }
            try OutputFile(json).write(text)
        }
        if rows.isEmpty { return StandardOutput.line("No runs. Begin one with: \(place.command("refine FILE"))") }
        let head = ["id", "name", "kind", "state", "best score", "verdict", "cost", "made (UTC)"]
        let length = RunChoice.shortLength(rows.compactMap { $0["id"]?.string })
        let table = [head] + rows.map { cells($0, length) }
        let widths = head.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        for (index, row) in table.enumerated() {
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let line = padded.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
            StandardOutput.line(index == 0 ? style.bold(line) : line)
        }
    }

    private func cells(_ row: JSONValue, _ length: Int) -> [String] {
        let one = ServerExperiment(row)
        let reason = one.status == .completed ? one.stopReason.map { ", \($0.rawValue)" } ?? "" : ""
        return [
            String(one.id.prefix(length)), Figures.clipped(one.name, 28), row["kind"]?.string ?? "",
            one.status.rawValue + reason, Figures.score(row["score"]?.double),
            (row["verdict"]?.string ?? "").replacing("_", with: " "),
            row["cost_usd"]?.double.flatMap { Money(dollars: $0) }?.shortText ?? "–",
            String((row["created_at"]?.string ?? "").prefix(16)).replacing("T", with: " "),
        ]
    }

    func show(_ word: String, json: String?, output: String?) async throws {
        let one = try await find(word)
        let result: RunResult
        do {
            result = RunResult(json: try await client.get("/experiments/\(one.id)/result").object ?? [:])
        } catch let error as EdisonError where error.code == .notFound {
            let words = "It has no result yet (\(one.status.rawValue))."
            if json != nil || output != nil { throw EdisonError(.notFound, words) }
            return StandardOutput.line("\(one.name): \(words)")
        }
        if let output { try RunFolder(result).write(to: URL(fileURLWithPath: output, isDirectory: true)) }
        if json == "-" { return try StandardOutput.put(result.text) }
        if let json { try OutputFile(json).write(result.text) }
        StandardOutput.line("\(style.bold(one.name))  \(one.status.rawValue), \(one.id) at \(client.address)")
        ResultView(result, wasFinished: false, review: place.command("review")).print()
    }

    func cancel(_ word: String) async throws {
        let one = try await find(word)
        _ = try await client.post("/experiments/\(one.id)/cancel")
        StandardOutput.line(
            "Cancelled \(one.id) (\(one.name)). What it found stays: \(place.command("runs show \(one.id)"))")
    }

    /// By the beginning of its id.
    private func find(_ word: String) async throws -> ServerExperiment {
        let found = try await rows(isAll: true).map(ServerExperiment.init).filter { $0.id.hasPrefix(word) }
        guard let one = found.first else {
            throw EdisonError(
                .notFound, "The server has no run whose id begins with \"\(word)\".",
                detail: "List them: \(place.command("runs"))")
        }
        guard found.count == 1 else {
            throw EdisonError(.invalid, "\(found.count) runs begin with \"\(word)\".", detail: "Give more of the id.")
        }
        return one
    }
}
