import EdisonCore
import EdisonTestKit

/// What a model behind a real HTTP server says in each of its roles. Its skill depends on the prompt alone: the more
/// lines of the prompt begin with "Rule", the better or worse the scores, as the test decides.
struct ScriptedModel: Sendable {
    enum Answer: Sendable {
        case text(String)
        case json(JSONValue)
        case status(Int)
    }

    /// The score on 0 to 1 of an output that `rules` lines of the prompt led to; nil = the judge's answer is unusable.
    var score: @Sendable (_ rules: Int, _ call: WireCall) -> Double? = { rules, _ in min(1, 0.3 + 0.1 * Double(rules)) }
    /// What the judge sees in an output that must not be there, by the names of the contract.
    var flags: @Sendable (_ rules: Int, _ call: WireCall) -> [String] = { _, _ in [] }
    var execute: @Sendable (WireCall) -> Answer = { call in
        .text("rules=\(ScriptedModel.rules(in: call.user)); \(call.user.split(separator: "\n").last ?? "")")
    }
    /// Which slot of a comparison wins: "1", "2" or "tie".
    var compare: @Sendable (WireCall) -> String = { call in
        let first = ScriptedModel.rules(in: call["output_1"] ?? "")
        let second = ScriptedModel.rules(in: call["output_2"] ?? "")
        return first == second ? "tie" : first > second ? "1" : "2"
    }
    var refine: @Sendable (WireCall) -> Answer = { .json(ScriptedModel.addingRule(to: $0["prompt"] ?? "")) }
    var summarise: @Sendable (WireCall) -> Answer = { _ in
        .json(["headline": "A round ended.", "summary": "One edit was tried.", "risks": []])
    }

    /// What the safety scan sees in a text, by the names of the contract; nil = an answer that cannot be used.
    var scan: @Sendable (String) -> [String]? = { _ in [] }

    /// Prompts that it writes from a goal alone.
    var drafts: @Sendable (WireCall) -> [String] = { _ in [] }

    /// Of every call.
    static let inputTokens = 100
    static let outputTokens = 20

    static func rules(in text: String) -> Int {
        if let mark = text.firstRange(of: "rules=") {
            return Int(text[mark.upperBound...].prefix { $0.isNumber }) ?? 0
        }
        return text.split(separator: "\n").count { $0.hasPrefix("Rule") }
    }

    private static let virtues = [
        "kind", "brief", "clear", "polite", "patient", "exact", "honest", "calm", "warm", "careful", "friendly", "open",
        "direct", "modest", "thorough", "fair", "gentle", "lively", "neutral", "sober", "steady", "tidy", "humble",
        "frank", "quick", "firm",
    ]

    /// One more rule, which the prompt doesn't hold yet.
    static func addingRule(to prompt: String, skipping skipped: Int = 0) -> JSONValue {
        let fresh = virtues.filter { !prompt.contains("Rule: be \($0).") }
        return edits([(find: "", replace: "Rule: be \(fresh[skipped % max(1, fresh.count)]).")])
    }

    static func edits(_ edits: [(find: String, replace: String)], note: String = "A small change.") -> JSONValue {
        [
            "analysis": "The outputs lack a virtue.",
            "edits": .array(
                edits.map { edit in
                    [
                        "target": "prompt", "find": .string(edit.find), "replace": .string(edit.replace),
                        "claim": "mends Quality",
                    ]
                }),
            "note": .string(note), "target_criteria": ["Quality"], "no_change": false,
        ]
    }

    func reply(to request: WireServer.Request) -> WireServer.Reply {
        guard let call = WireCall(request) else { return WireServer.Reply(status: 404, "{}") }
        switch answer(to: call) {
        case .text(let text): return Self.reply(text, model: call.model)
        case .json(let json): return Self.reply(json.text(), model: call.model)
        case .status(let status):
            return WireServer.Reply(
                status: status, headers: Self.headers,
                #"{"error": {"message": "the model is out of order", "code": "x"}}"#)
        }
    }

    private func answer(to call: WireCall) -> Answer {
        switch call.schema {
        case nil: execute(call)
        case "judgment": judgment(call)
        case "comparison":
            .json([
                "reasoning": "", "winner": .string(compare(call)), "criteria": [:], "rationale": "It serves better.",
            ])
        case "refinement": refine(call)
        case "safety_scan": scanned(call)
        case "summary": summarise(call)
        case "drafts":
            .json([
                "drafts": .array(drafts(call).map { ["title": "A draft", "content": .string($0)] })
            ])
        default: .status(400)
        }
    }

    private func judgment(_ call: WireCall) -> Answer {
        guard let score = score(Self.rules(in: call["output"] ?? ""), call) else {
            return .text("I would rather not say.")
        }
        let rubric = (try? JSONValue(parsing: call["rubric"] ?? ""))?.array ?? []
        let scores = rubric.map { criterion -> (String, JSONValue) in
            let low = criterion["scale"]?["min"]?.double ?? 0
            let high = criterion["scale"]?["max"]?.double ?? 1
            return (criterion["name"]?.string ?? "", .number(low + score * (high - low)))
        }
        let seen = flags(Self.rules(in: call["output"] ?? ""), call)
        let rationales = scores.map { ($0.0, JSONValue.string("It is like that.")) }
        return .json([
            "reasoning": "I looked at it.", "scores": .object(JSONObject(scores)),
            "rationales": .object(JSONObject(rationales)),
            "safety_flags": .object(Self.flags(seen)),
            "suggestions": [["criterion": "Quality", "text": "Ask for one more virtue."]],
        ])
    }

    private func scanned(_ call: WireCall) -> Answer {
        guard let seen = scan(call["text"] ?? "") else { return .text("I would rather not look.") }
        var answer = Self.flags(seen)
        answer["evidence"] = .string(seen.isEmpty ? "" : "It is plain to see.")
        return .json(.object(answer))
    }

    private static func flags(_ raised: [String]) -> JSONObject {
        let kinds = ["policy_violation", "pii_detected", "toxic_content", "jailbreak_attempt"]
        return JSONObject(kinds.map { ($0, JSONValue.bool(raised.contains($0))) })
    }

    private static let headers = [("content-type", "application/json")]

    private static func reply(_ text: String, model: String) -> WireServer.Reply {
        let body: JSONValue = [
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": .string(model),
            "choices": [
                ["index": 0, "message": ["role": "assistant", "content": .string(text)], "finish_reason": "stop"]
            ],
            "usage": [
                "prompt_tokens": .integer(Int64(inputTokens)), "completion_tokens": .integer(Int64(outputTokens)),
                "total_tokens": .integer(Int64(inputTokens + outputTokens)),
            ],
        ]
        return WireServer.Reply(headers: headers, body.text())
    }
}
