import EdisonCore

/// A result file, as the parts of the report ask for it. Keys that are absent read as nothing.
struct ReportSource: Sendable {
    let json: JSONValue
    let versions: [JSONValue]
    let iterations: [JSONValue]
    let outputs: [JSONValue]
    let judgments: [JSONValue]
    let cases: [JSONValue]
    let variants: [JSONValue]
    private let numbers: [String: Int]
    private let scores: [String: Double]

    init(_ result: RunResult) {
        let json = JSONValue.object(result.json)
        self.json = json
        func rows(_ key: String) -> [JSONValue] { json[key]?.array ?? [] }
        versions = rows("versions")
        iterations = rows("iterations")
        outputs = rows("outputs")
        judgments = rows("judgments")
        cases = rows("cases")
        variants = rows("variants")
        numbers = Dictionary(
            versions.compactMap { row in row["id"]?.string.flatMap { id in row["number"]?.int.map { (id, $0) } } },
            uniquingKeysWith: { first, _ in first })
        scores = Dictionary(
            rows("scores").compactMap { row in
                row["output_id"]?.string.flatMap { id in row["score"]?.double.map { (id, $0) } }
            }, uniquingKeysWith: { first, _ in first })
    }

    subscript(key: String) -> JSONValue? { json[key]?.known }

    var experiment: JSONValue? { self["experiment"] }
    var rubric: [JSONValue] { experiment?["rubric"]?.array ?? [] }
    var judges: [JSONValue] { experiment?["judges"]?.array ?? [] }
    var holdout: JSONValue? { self["holdout"]?.asObject }
    /// Whether it scored without refining, as far as the file tells.
    var isEvaluation: Bool {
        !variants.isEmpty
            || isFinished && raced.isEmpty && holdout == nil
                && !iterations.contains { $0["summary"]?.object != nil || $0["refused"]?.array?.isEmpty == false }
    }
    var isFinished: Bool { self["status"]?.string == "completed" }

    func version(_ id: JSONValue?) -> JSONValue? {
        guard let id = id?.string else { return nil }
        return versions.first { $0["id"]?.string == id }
    }

    func number(_ id: JSONValue?) -> Int? { id?.string.flatMap { numbers[$0] } }

    /// `v7`, or `–` for a version that the file does not hold.
    func name(_ id: JSONValue?) -> String { number(id).map { "v\($0)" } ?? "–" }

    var first: JSONValue? { version(self["first_version_id"]) }
    var best: JSONValue? { version(self["best_version_id"]) }

    /// What the run recommends instead of the first version; nil when it recommends the first, or nothing.
    var improved: JSONValue? {
        guard let best, let first, best["id"] != first["id"] else { return nil }
        return best
    }

    func score(of output: JSONValue) -> Double? { output["id"]?.string.flatMap { scores[$0] } }

    /// The composites of the iterations that have one, with their numbers.
    var measured: [(iteration: JSONValue, composite: JSONValue)] {
        iterations.compactMap { row in
            guard let composite = row["metrics"]?["composite"], composite["score"]?.double != nil else { return nil }
            return (row, composite)
        }
    }

    /// Candidates that were made and decided on, in the order of the file.
    var raced: [JSONValue] { versions.filter { ($0["status"]?.string ?? "seed") != "seed" } }

    static func range(_ json: JSONValue?) -> ClosedRange<Double>? {
        guard let low = json?[0]?.double, let high = json?[1]?.double, low <= high else { return nil }
        return low...high
    }
}

extension JSONValue {
    // Written out, since `nil` in the place of a JSONValue is null, which is something.
    /// nil for null.
    var known: JSONValue? {
        if isNull { return Optional.none }
        return self
    }

    /// nil for everything but an object.
    var asObject: JSONValue? {
        if object == nil { return Optional.none }
        return self
    }

    /// A version that the loop took over.
    var isKept: Bool { self["status"] == "accepted" || self["status"] == "promoted" }
}
