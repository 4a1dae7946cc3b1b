import EdisonCore

/// One turn of the loop: what it measured, what it tried, and what was decided.
struct ReportIteration: Sendable {
    struct Candidate: Sendable {
        let name: String
        let outcome: String
        let isKept: Bool
        let gain: String
        let tone: String
        let gainInterval: String?
        let notes: [String]
        let claims: [String]
        let hasClaims: Bool
        let diffs: [ReportDiff]
        let decision: String?
    }

    let name: String
    let score: String?
    let money: String?
    let headline: String?
    let candidates: [Candidate]
    let refused: ReportModel.List<String>?
    let nothing: Bool

    /// Empty for a run that refines nothing.
    static func all(_ source: ReportSource) -> [ReportIteration] {
        let raced = Dictionary(grouping: source.raced) { $0["iteration"]?.int ?? 0 }
        let records = Dictionary(
            source.iterations.map { ($0["number"]?.int ?? 0, $0) }, uniquingKeysWith: { first, _ in first })
        let hasLoop =
            !raced.isEmpty
            || source.iterations.contains { row in
                row["summary"]?.object != nil || row["refused"]?.array?.isEmpty == false
            }
        guard hasLoop else { return [] }
        return Set(raced.keys).union(records.keys).sorted().map { number in
            ReportIteration(number, records[number], raced[number] ?? [], source)
        }
    }

    private init(_ number: Int, _ record: JSONValue?, _ raced: [JSONValue], _ source: ReportSource) {
        name = number > 0 ? "Iteration \(number)" : "Iteration unknown"
        let composite = record?["metrics"]?["composite"]
        score = composite?["score"]?.double.map { value in
            let interval = ReportFigures.interval(ReportSource.range(composite?["interval"])).map { " (\($0))" } ?? ""
            let cases = composite?["cases"]?.int.map { ", \(ReportFigures.count($0, "case"))" } ?? ""
            return "\(source.name(record?["version_id"])) \(ReportFigures.score(value))\(interval)\(cases)"
        }
        money = record == nil ? nil : ReportFigures.money(record?["cost_usd"]) ?? "cost unknown"
        let status = record?["status"]?.string ?? "completed"
        let isOver = status == "completed"
        headline =
            isOver
            ? record?["summary"]?["headline"]?.string.flatMap { $0.isEmpty ? nil : ReportWords.sentence($0) }
            : "Ended while \(status)."
        candidates = raced.map { Self.candidate($0, source) }
        refused = ReportModel.List((record?["refused"]?.array ?? []).compactMap(\.string).map(ReportWords.sentence))
        nothing = raced.isEmpty && refused == nil && headline == nil && isOver
    }

    private static func candidate(_ version: JSONValue, _ source: ReportSource) -> Candidate {
        let decision = version["decision"]
        let range = ReportSource.range(decision?["interval"])
        let isUp = (range?.lowerBound ?? 0) > 0
        let isDown = (range?.upperBound ?? 0) < 0
        let outcomes = ["promoted": "kept and promoted", "accepted": "kept", "rejected": "dropped"]
        let status = version["status"]?.string ?? ""
        let author = decision?["by"]?.string == "person" ? "A person decided: " : ""
        let reason = decision?["reason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let claims = distinct((version["claims"]?.array ?? []).compactMap(\.string))
        return Candidate(
            name: "Version \(version["number"]?.int ?? 0)", outcome: outcomes[status] ?? "not decided",
            isKept: version.isKept, gain: ReportFigures.signed(decision?["delta"]?.double),
            tone: isUp ? "up" : isDown ? "down" : "same",
            gainInterval: decision?["delta"]?.double == nil
                ? nil : ReportFigures.signedInterval(range) ?? "no interval",
            notes: distinct((version["note"]?.string ?? "").split(separator: "\n").map(String.init)),
            claims: claims, hasClaims: !claims.isEmpty,
            diffs: ReportDiff.between(
                source.version(version["parent_id"]) ?? source.first, version, context: 1),
            decision: reason.map { ReportWords.sentence(author + $0) })
    }

    private static func distinct(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.map { $0.drop(while: \.isWhitespace) }.map(String.init).filter {
            !$0.isEmpty && seen.insert($0).inserted
        }
    }
}
