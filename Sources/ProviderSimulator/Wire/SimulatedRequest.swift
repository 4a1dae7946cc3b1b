internal import EdisonCore

/// A request to a model in the one form that every behaviour understands, whichever wire format it came in.
struct SimulatedRequest: Sendable {
    struct Turn: Sendable {
        enum Role: Sendable { case system, user, assistant, tool }
        let role: Role
        let text: String
    }

    struct Tool: Sendable {
        let name: String
        let description: String
        let parameters: JSONValue
    }

    enum ToolChoice: Sendable, Equatable {
        case none, auto, required
        case named(String)
    }

    var model: String
    var turns: [Turn] = []
    var tools: [Tool] = []
    var toolChoice = ToolChoice.auto
    /// The JSON schema of the answer, where the request asks for one.
    var schema: JSONValue?
    var wireSchemaName: String?
    /// JSON without a schema.
    var asksForJSON = false
    var givenSeed: UInt64?
    var streams = false
    var includesUsage = false
    var maxTokens: Int?

    var system: String { text(of: .system) }
    var lastUser: String { turns.last { $0.role == .user }?.text ?? "" }

    private func text(of role: Turn.Role) -> String {
        turns.filter { $0.role == role }.map(\.text).joined(separator: "\n")
    }

    /// The seed of the request; without one, a hash of its turns, so that an equal request is answered alike.
    var seed: UInt64 {
        givenSeed ?? DerivedSeed(0, turns.map { "\($0.role):\($0.text)" }).value
    }

    /// The name of the structured call: from the wire, from the schema's title, or from the line `schema: NAME` of the
    /// system message.
    var schemaName: String? {
        if let named = StructuredCall(rawValue: wireSchemaName ?? "") { return named.rawValue }
        if let title = schema?["title"]?.string, StructuredCall(rawValue: title) != nil { return title }
        for line in system.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count == 2, words[0].lowercased() == "schema:", StructuredCall(rawValue: String(words[1])) != nil {
                return String(words[1])
            }
        }
        return wireSchemaName ?? schema?["title"]?.string
    }

    var structuredCall: StructuredCall? { schemaName.flatMap(StructuredCall.init(rawValue:)) }

    /// The sections of the last user message; where that has none, of all user messages.
    var sections: TaggedText {
        lastUser.contains("</") ? TaggedText(lastUser) : TaggedText(text(of: .user))
    }

    /// Tokens of the request: a quarter of its bytes, rounded up.
    var inputTokens: Int {
        let text = turns.reduce(0) { $0 + $1.text.utf8.count }
        let tools = tools.reduce(0) {
            $0 + $1.name.utf8.count + $1.description.utf8.count + $1.parameters.text().utf8.count
        }
        return Tokens.count(bytes: text + tools + (schema?.text().utf8.count ?? 0))
    }
}

/// The structured calls that the program makes, by schema name.
enum StructuredCall: String, Sendable, CaseIterable {
    case judgment, comparison, refinement, summary, drafts, completion, improvement
    case testCases = "test_cases"
    case safetyScan = "safety_scan"

    /// What the call is for, as the program's ledger names it.
    var purpose: String {
        switch self {
        case .judgment, .comparison, .safetyScan: "judge"
        case .refinement, .summary: "refine"
        case .testCases: "generate"
        case .drafts, .completion, .improvement: "assist"
        }
    }
}

/// The simulator's tokens: deterministic, and close enough to real ones for prices.
enum Tokens {
    static func count(bytes: Int) -> Int { (bytes + 3) / 4 }
    static func count(_ text: String) -> Int { count(bytes: text.utf8.count) }
}
