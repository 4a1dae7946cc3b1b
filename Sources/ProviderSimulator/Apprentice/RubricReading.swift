internal import EdisonCore

/// The rubric of a judging request, each criterion with its scale and with the hidden requirements that it covers.
struct RubricReading: Sendable {
    struct Criterion: Sendable {
        let name: String
        let weight: Double
        let minimum: Double
        let maximum: Double
        let isWhole: Bool
        var requirements: [Requirement] = []
    }

    private(set) var criteria: [Criterion]

    /// - Parameter schema: its `scores` name the criteria where it lists them; else the rubric does.
    init(rubric: String, schema: JSONValue?, task: ApprenticeTask) {
        let parsed = (try? JSONValue(parsing: rubric)) ?? .null
        let items = parsed.array ?? parsed["criteria"]?.array ?? []
        let scores = schema?["properties"]?["scores"]?["properties"]?.object ?? [:]
        let names = scores.isEmpty ? items.compactMap(Self.name) : scores.keys
        criteria = names.enumerated().map { index, name in
            let item =
                items.first { Self.name($0) == name || $0["id"]?.string == name || $0["key"]?.string == name }
                ?? (items.count == names.count ? items[index] : .null)
            return Self.criterion(name, item: item, schema: scores[name])
        }
        if criteria.isEmpty {
            criteria = [Criterion(name: "quality", weight: 1, minimum: 1, maximum: 5, isWhole: false)]
        }
        assign(
            task.requirements,
            texts: names.enumerated().map { index, name in
                let item = items.first { Self.name($0) == name } ?? (index < items.count ? items[index] : .null)
                return (name, item["description"]?.string ?? "")
            })
    }

    private static func name(_ item: JSONValue) -> String? {
        item["name"]?.string ?? item["criterion"]?.string ?? item["key"]?.string ?? item["id"]?.string ?? item.string
    }

    private static func criterion(_ name: String, item: JSONValue, schema: JSONValue?) -> Criterion {
        let scale = item["scale"]
        let levels = levels(of: item)
        let lower = [scale?["min"], item["min"]].lazy.compactMap { $0?.double }.first ?? levels.min()
        let upper = [scale?["max"], item["max"]].lazy.compactMap { $0?.double }.first ?? levels.max()
        let minimum: Double = lower ?? schema?["minimum"]?.double ?? 1
        let maximum: Double = upper ?? schema?["maximum"]?.double ?? 5
        return Criterion(
            name: name, weight: item["weight"]?.double ?? 1, minimum: minimum, maximum: max(maximum, minimum),
            isWhole: schema?["type"]?.string == "integer" || scale?["step"]?.double == 1)
    }

    /// The points of a scale that is written as a list of numbers or anchors, or as an object keyed by them.
    private static func levels(of item: JSONValue) -> [Double] {
        for value in [item["scale"], item["anchors"], item["levels"]].compactMap(\.self) {
            let listed = (value.array ?? []).compactMap { $0.double ?? $0["score"]?.double ?? $0["value"]?.double }
            let keyed = (value.object?.keys ?? []).compactMap { Double($0) }
            if listed.count >= 2 { return listed }
            if keyed.count >= 2 { return keyed }
        }
        return []
    }

    /// A requirement goes to the criteria whose name it fits, else to those whose description it fits; what fits none
    /// is spread evenly, so that every requirement counts somewhere.
    private mutating func assign(_ requirements: [Requirement], texts: [(name: String, description: String)]) {
        let names = texts.map { Words.split($0.name) }
        let descriptions = texts.map { Words.split($0.description) }
        var spread = 0
        for requirement in requirements {
            var fitting = names.indices.filter { requirement.criteria.matches(names[$0]) }
            if fitting.isEmpty { fitting = names.indices.filter { requirement.criteria.matches(descriptions[$0]) } }
            if fitting.isEmpty {
                fitting = [spread % criteria.count]
                spread += 1
            }
            for index in fitting where index < criteria.count { criteria[index].requirements.append(requirement) }
        }
        let idle = criteria.indices.filter { criteria[$0].requirements.isEmpty }
        for index in idle { criteria[index].requirements = requirements }
    }
}
