package import EdisonCore

extension ApprenticeTask {
    /// Reads a task from JSON, so that a demonstration can be about anything.
    ///
    /// `{name, cues: […], openings: […], requirements: [{id, criteria, stated, base, shows: […], flaw, good, bad,
    /// advice, instructions: […], applies}], traps: [{id, stated, harms: […], factor, shows, instructions: […],
    /// claim}], topics: [{name, cues, label, values}], samples: [{topic, text, difficulty}], pools, rubric,
    /// objectives, prompts}`; `criteria`, `stated`, `applies` and the `cues` of topics are keyword patterns:
    /// `a|b & c ; d`.
    /// - Throws: `EdisonError` with the path of each field that is missing.
    package init(json: JSONValue) throws(EdisonError) {
        var issues: [FieldIssue] = []
        func text(_ value: JSONValue, _ key: String, at path: String) -> String {
            if let text = value[key]?.string, !text.isEmpty { return text }
            issues.append(FieldIssue(path: path.isEmpty ? key : "\(path).\(key)", message: "must be text"))
            return ""
        }
        func texts(_ value: JSONValue, _ key: String) -> [String] { value[key]?.array?.compactMap(\.string) ?? [] }
        func slots(_ value: JSONValue?) -> [String: String] {
            Dictionary(
                (value?.object?.members ?? []).compactMap { member in member.value.string.map { (member.key, $0) } }
            ) { $1 }
        }
        self.init(name: text(json, "name", at: ""))
        cues = texts(json, "cues")
        openings = texts(json, "openings")
        requirements = (json["requirements"]?.array ?? []).enumerated().map { index, item in
            let path = "requirements[\(index)]"
            let id = text(item, "id", at: path)
            return Requirement(
                id, criteria: item["criteria"]?.string ?? id, stated: text(item, "stated", at: path),
                base: item["base"]?.double ?? 0.2,
                shows: texts(item, "shows"), flaw: item["flaw"]?.string ?? "", good: text(item, "good", at: path),
                bad: text(item, "bad", at: path), advice: text(item, "advice", at: path),
                instructions: texts(item, "instructions"),
                applies: item["applies"]?.string, namesLabel: item["names_label"]?.bool ?? false)
        }
        traps = (json["traps"]?.array ?? []).enumerated().map { index, item in
            Trap(
                text(item, "id", at: "traps[\(index)]"), stated: text(item, "stated", at: "traps[\(index)]"),
                harms: Set(texts(item, "harms")),
                factor: item["factor"]?.double ?? 0.35, shows: item["shows"]?.string ?? "", only: item["only"]?.string,
                instructions: texts(item, "instructions"),
                claim: item["claim"]?.string ?? "it makes the answers clearer")
        }
        topics = (json["topics"]?.array ?? []).map {
            Topic(
                $0["name"]?.string ?? "", cues: $0["cues"]?.string ?? "", label: $0["label"]?.string ?? "",
                values: slots($0["values"]))
        }
        if let item = json["fallback"] {
            fallback = Topic(
                item["name"]?.string ?? "other", cues: "", label: item["label"]?.string ?? "",
                values: slots(item["values"]))
        }
        samples = (json["samples"]?.array ?? []).map {
            Sample($0["topic"]?.string ?? "general", $0["difficulty"]?.int ?? 2, $0["text"]?.string ?? "")
        }
        pools = Dictionary(
            (json["pools"]?.object?.members ?? []).map { ($0.key, $0.value.array?.compactMap(\.string) ?? []) }
        ) { $1 }
        rubric = (json["rubric"]?.array ?? []).map {
            Criterion($0["name"]?.string ?? "", $0["description"]?.string ?? "", $0["weight"]?.double ?? 1)
        }
        (objectives, prompts) = (texts(json, "objectives"), texts(json, "prompts"))
        if requirements.isEmpty { issues.append(FieldIssue(path: "requirements", message: "must not be empty")) }
        if !issues.isEmpty { throw EdisonError(.invalid, "The task file is not complete.", issues: issues) }
    }
}
