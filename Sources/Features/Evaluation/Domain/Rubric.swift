package import EdisonCore

/// What "good" means for a task: weighted criteria whose weights sum to 1.
package struct Rubric: Hashable, Sendable {
    package let criteria: [Criterion]

    /// The criteria that a judge scores; the others are decided by their checks.
    package let judged: [Criterion]
    package let checked: [Criterion]

    package init(_ criteria: [Criterion]) {
        self.criteria = criteria
        judged = criteria.filter { $0.check == nil }
        checked = criteria.filter { $0.check != nil }
    }

    package subscript(name: String) -> Criterion? { criteria.first { $0.name.utf8.elementsEqual(name.utf8) } }

    /// The faults of the rubric, by field; empty when it is sound.
    package var issues: [FieldIssue] {
        if criteria.isEmpty { return [FieldIssue(path: "rubric", message: "needs at least one criterion")] }
        var issues = criteria.enumerated().flatMap { index, criterion in criterion.issues(path: "rubric[\(index)]") }
        for (index, criterion) in criteria.enumerated()
        where criteria[..<index].contains(where: { $0.name == criterion.name }) {
            issues.append(FieldIssue(path: "rubric[\(index)].name", message: "\"\(criterion.name)\" stands twice"))
        }
        let sum = criteria.reduce(0) { $0 + $1.weight }
        if abs(sum - 1) > 0.01 + 1e-9 {
            issues.append(FieldIssue(path: "rubric", message: "Weights must sum to 1.0"))
        }
        return issues
    }
}

/// One thing that outputs are scored on, by a judge or by a check, with its share of the composite.
package struct Criterion: Hashable, Sendable {
    package let name: String
    package let description: String
    package let weight: Double
    package let scale: Scale
    /// A deterministic check that decides the criterion instead of a judge.
    package let check: Check?
    /// Whether a failed check fails the whole case.
    package let gate: Bool

    package init(
        name: String, description: String = "", weight: Double, scale: Scale = .standard, check: Check? = nil,
        gate: Bool = false
    ) {
        self.name = name
        self.description = description
        self.weight = weight
        self.scale = scale
        self.check = check
        self.gate = gate
    }

    func issues(path: String) -> [FieldIssue] {
        var issues: [FieldIssue] = []
        if name.isEmpty || name.count > 100 {
            issues.append(FieldIssue(path: "\(path).name", message: "needs 1 to 100 characters"))
        }
        if description.count > 500 {
            issues.append(FieldIssue(path: "\(path).description", message: "must not exceed 500 characters"))
        }
        if !(0...1).contains(weight) {
            issues.append(FieldIssue(path: "\(path).weight", message: "must lie between 0 and 1"))
        }
        if !(scale.min < scale.max) {
            issues.append(FieldIssue(path: "\(path).scale", message: "min must be below max"))
        }
        if gate, check == nil {
            issues.append(FieldIssue(path: "\(path).gate", message: "needs a check on the same criterion"))
        }
        return issues
    }

    /// Reads what `json` wrote, or what a model drafted: long texts are cut, a missing weight is 1, a missing scale the
    /// standard one. nil without a name, or when the check is none that is known.
    package init?(json: JSONValue) {
        guard let name = json["name"]?.string else { return nil }
        var check: Check?
        if let stored = json["check"], !stored.isNull {
            guard let known = try? Check(json: stored) else { return nil }
            check = known
        }
        self.init(
            name: String(name.prefix(100)), description: String((json["description"]?.string ?? "").prefix(500)),
            weight: json["weight"]?.double ?? 1,
            scale: json["scale"].map { scale in
                Scale(
                    min: scale["min"]?.double ?? 0, max: scale["max"]?.double ?? 5,
                    labels: (scale["labels"]?.array ?? []).compactMap(\.string))
            } ?? .standard, check: check, gate: json["gate"]?.bool ?? false)
    }

    /// The form that judges are shown and results carry.
    package var json: JSONValue {
        var object: JSONObject = [
            "name": .string(name), "description": .string(description), "weight": .number(weight),
            "scale": scale.json,
        ]
        object["check"] = check?.json
        if gate { object["gate"] = true }
        return .object(object)
    }
}

/// The range of a criterion's scores, ends included.
package struct Scale: Hashable, Sendable {
    package let min: Double
    package let max: Double
    /// Words for points of the scale, from the lowest up; judges are shown them as anchors.
    package let labels: [String]

    package init(min: Double, max: Double, labels: [String] = []) {
        self.min = min
        self.max = max
        self.labels = labels
    }

    package static let standard = Scale(min: 0, max: 5)

    /// The score on 0 to 1; nil when it lies outside the scale.
    package func normalise(_ score: Double) -> Double? {
        guard score >= min, score <= max else { return nil }
        return (score - min) / (max - min)
    }

    package var json: JSONValue {
        var object: JSONObject = ["min": .number(min), "max": .number(max)]
        if !labels.isEmpty { object["labels"] = .array(labels.map { .string($0) }) }
        return .object(object)
    }
}
