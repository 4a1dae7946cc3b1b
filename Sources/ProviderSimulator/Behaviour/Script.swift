package import EdisonCore
internal import Synchronization

/// One rule of a script: which requests it is for, and what they are answered.
package struct ScriptRule: Sendable {
    /// Text that must stand in some message; empty for any.
    package var contains: String
    /// The schema's name, or the purpose; nil for any.
    package var schema: String?
    package var model: String?
    /// Given in turn; the last one is repeated.
    package var answers: [String]
    package var toolCall: (name: String, arguments: JSONValue)?
    package var latency: Duration
    package var fault: FaultPlan.Rule?

    package init(
        contains: String = "", schema: String? = nil, model: String? = nil, answers: [String],
        toolCall: (name: String, arguments: JSONValue)? = nil, latency: Duration = .zero, fault: FaultPlan.Rule? = nil
    ) {
        self.contains = contains
        self.schema = schema
        self.model = model
        self.answers = answers
        self.toolCall = toolCall
        self.latency = latency
        self.fault = fault
    }

    func fits(_ request: SimulatedRequest) -> Bool {
        if let schema, schema != request.schemaName, schema != request.structuredCall?.purpose { return false }
        if let model, model != request.model { return false }
        return contains.isEmpty || request.turns.contains { $0.text.contains(contains) }
    }
}

extension ScriptRule {
    /// Reads `{"rules": [{"contains": "…", "schema": "…", "model": "…", "answer": "…" or JSON, "answers": […],
    /// "tool_call": {"name", "arguments"}, "latency_ms": 0, "fault": "…"}]}` or the list alone.
    package static func rules(json: JSONValue) throws(EdisonError) -> [ScriptRule] {
        guard let items = json.array ?? json["rules"]?.array else {
            throw EdisonError(.invalid, "A script is a list of rules.")
        }
        var rules: [ScriptRule] = []
        for (index, item) in items.enumerated() {
            let answers = (item["answers"]?.array ?? [item["answer"]].compactMap(\.self)).map { $0.string ?? $0.text() }
            var fault: FaultPlan.Rule?
            if item["fault"] != nil { fault = try FaultPlan.Rule.rules(json: item, at: "rules[\(index)]").first }
            let call = item["tool_call"].flatMap { call in
                call["name"]?.string.map { (name: $0, arguments: call["arguments"] ?? [:]) }
            }
            guard !answers.isEmpty || fault != nil || call != nil else {
                throw EdisonError(
                    .invalid, "A rule of the script has no answer.",
                    issues: [FieldIssue(path: "rules[\(index)].answer", message: "is missing")])
            }
            rules.append(
                ScriptRule(
                    contains: item["contains"]?.string ?? "", schema: item["schema"]?.string,
                    model: item["model"]?.string, answers: answers,
                    toolCall: call, latency: .milliseconds(item["latency_ms"]?.int ?? 0), fault: fault))
        }
        return rules
    }
}

/// Gives fixed answers by rule; the first rule that fits answers, and what fits none is echoed.
final class Script: Behaviour {
    private let rules: [ScriptRule]
    private let used: Mutex<[Int: Int]> = Mutex([:])

    init(_ rules: [ScriptRule]) { self.rules = rules }

    func rule(for request: SimulatedRequest) -> ScriptRule? { rules.first { $0.fits(request) } }

    func answer(to request: SimulatedRequest) -> SimulatedAnswer {
        guard let index = rules.firstIndex(where: { $0.fits(request) }) else { return Echo().answer(to: request) }
        let rule = rules[index]
        if let call = rule.toolCall, request.turns.last?.role != .tool {
            return SimulatedAnswer(call: call.name, arguments: call.arguments)
        }
        let turn = used.withLock { used in
            defer { used[index, default: 0] += 1 }
            return used[index, default: 0]
        }
        return SimulatedAnswer(text: rule.answers.isEmpty ? "" : rule.answers[min(turn, rule.answers.count - 1)])
    }
}
