package import EdisonCore

extension FaultPlan {
    /// Reads `{"seed": 1, "rules": [{"fault": "rate_limited", "share": 0.1, "every": 5, "at": [3], "from": 40,
    /// "lasting": 60, "retry_after": 1, "seconds": 2, "model": "…", "purpose": "…"}]}`; `"mix"` in the place of
    /// `"fault"` holds several with their weights.
    package init(json: JSONValue) throws(EdisonError) {
        guard let items = json["rules"]?.array ?? json.array else {
            throw EdisonError(.invalid, "A faults file holds a list of rules.")
        }
        var rules: [Rule] = []
        for (index, item) in items.enumerated() {
            if let key = item.object?.keys.first(where: { !Rule.keys.contains($0) }) {
                throw Self.fault("rules[\(index)].\(key)", "is no key of a rule: \(Rule.keys.joined(separator: ", "))")
            }
            rules += try Rule.rules(json: item, at: "rules[\(index)]")
        }
        self.init(seed: UInt64(clamping: json["seed"]?.int ?? 1), rules: rules)
    }

    fileprivate static func fault(_ path: String, _ words: String) -> EdisonError {
        EdisonError(.invalid, "The faults cannot be used.", issues: [FieldIssue(path: path, message: words)])
    }
}

extension FaultPlan.Rule {
    static let keys = [
        "fault", "mix", "share", "every", "at", "from", "lasting", "retry_after", "seconds", "model", "purpose",
    ]

    /// A rule, or one for each fault of a mix.
    static func rules(json item: JSONValue, at path: String) throws(EdisonError) -> [FaultPlan.Rule] {
        let share = item["share"]?.double ?? 0
        guard (0...1).contains(share) else { throw FaultPlan.fault("\(path).share", "lies between 0 and 1") }
        guard let mix = item["mix"] else {
            return [try rule(item["fault"]?.string ?? "", share: share, item, at: "\(path).fault")]
        }
        let parts =
            mix.object?.members.map { ($0.key, $0.value.double ?? -1) } ?? mix.array?.map { ($0.string ?? "", 1) }
        guard let parts, !parts.isEmpty, parts.allSatisfy({ $0.1 > 0 }), item["fault"] == nil else {
            throw FaultPlan.fault("\(path).mix", "is a list of faults, or an object of faults with weights above 0")
        }
        guard share > 0, item["every"] == nil, item["at"] == nil else {
            throw FaultPlan.fault("\(path).share", "is how a mix is chosen")
        }
        let whole = parts.reduce(0) { $0 + $1.1 }
        var rules: [FaultPlan.Rule] = []
        var before = 0.0
        for (name, weight) in parts {
            // Rules are tried in turn, so each one draws from what the ones before have left.
            let own = share * weight / whole
            rules.append(try rule(name, share: own / (1 - before), item, at: "\(path).mix"))
            before += own
        }
        return rules
    }

    private static func rule(
        _ name: String, share: Double, _ item: JSONValue, at path: String
    ) throws(EdisonError) -> FaultPlan.Rule {
        guard let fault = Fault(rawValue: name) else {
            let known = Fault.allCases.map(\.rawValue).joined(separator: ", ")
            throw EdisonError(
                .invalid, "There is no fault \"\(name)\".",
                issues: [FieldIssue(path: path, message: "must be one of \(known)")])
        }
        return FaultPlan.Rule(
            fault, share: share, every: item["every"]?.int ?? 0, at: item["at"]?.array?.compactMap(\.int) ?? [],
            from: item["from"]?.int ?? 0, lasting: item["lasting"]?.double.map(duration),
            retryAfter: item["retry_after"]?.double ?? 1, duration: item["seconds"]?.double.map(duration),
            model: item["model"]?.string, purpose: item["purpose"]?.string)
    }

    private static func duration(_ seconds: Double) -> Duration {
        .milliseconds(Int64(max(0, min(seconds, 86_400)) * 1_000))
    }
}
