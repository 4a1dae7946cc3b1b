import EdisonCore
import EdisonWeb

/// An experiment as a request describes it. What stands inside its parts is for the reader of experiment files to say,
/// which names every fault by its path.
struct ExperimentRequest: RequestBody {
    static let example: JSONObject? = [
        "name": "Support replies", "goal": "Answer customers politely and solve their problem.",
        "rubric": [
            ["name": "Resolution", "description": "Solves the problem with concrete next steps", "weight": 0.6],
            ["name": "Empathy", "description": "Is polite, warm and personal", "weight": 0.4],
        ],
        "prompt_id": "$PROMPT", "dataset_ids": ["$DATASET"],
        "models": [["credential_id": "$CREDENTIAL", "model": "$MODEL"]],
        "judges": [["credential_id": "$CREDENTIAL", "model": "$MODEL"]],
        "refiner": ["credential_id": "$CREDENTIAL", "model": "$MODEL"],
        "stop_rules": ["max_iterations": 4, "max_calls": 500],
    ]

    let json: JSONObject
    let kind: Experiment.Kind

    init(_ fields: Fields) {
        kind = fields.value("kind", .word, or: .refine, "eval scores without refining.")
        json = Self.read(fields, isNew: true)
    }

    static func read(_ fields: Fields, isNew: Bool) -> JSONObject {
        var json = JSONObject()
        func take<Value>(_ name: String, _ type: FieldType<Value>, _ about: String = "", _ form: (Value) -> JSONValue) {
            if let value = fields.optional(name, type, about) { json[name] = form(value) }
        }
        func require<Value>(_ name: String, _ type: FieldType<Value>, _ about: String, _ form: (Value) -> JSONValue) {
            if isNew { json[name] = form(fields.required(name, type, about)) } else { take(name, type, about, form) }
        }
        func object(_ part: JSONObject) -> FieldType<JSONObject> { .object.described(by: part) }
        func objects(_ part: JSONObject) -> FieldType<[JSONObject]> { .list(of: object(part), 0...200) }
        let list: ([JSONObject]) -> JSONValue = { .array($0.map { .object($0) }) }
        require("name", .name(1...120), "") { .string($0) }
        require("goal", .text(10...4_000), "What the prompt is for.") { .string($0) }
        require("rubric", .any.described(by: ExperimentPart.rubric), "What good means; weights sum to 1.") {
            $0
        }
        take("reference", .text(1...200), "Your own name for it, by which the list finds it again.") { .string($0) }
        take("description", .text(0...4_000)) { .string($0) }
        take("prompt", object(ExperimentPart.prompt), "Or prompt_id.") {
            .object($0)
        }
        take("prompt_id", .text(1...100), "A prompt of the library; its published version is taken.") { .string($0) }
        take("prompt_version_id", .text(1...100)) { .string($0) }
        take("dataset_ids", .list(of: .text(1...100), 0...50)) { .array($0.map { .string($0) }) }
        take("datasets", objects(ExperimentPart.dataset), "Cases that stand in the request itself.", list)
        take("models", objects(ExperimentPart.model), "The models that the prompt is for.", list)
        take("judges", objects(ExperimentPart.judge), "Who scores; none where checks say all.", list)
        take("refiner", object(ExperimentPart.refiner), "Needed to refine.") { .object($0) }
        take("variants", objects(ExperimentPart.variant), "Of kind eval: what is compared.", list)
        take("stop_rules", object(ExperimentPart.stopRules), "Whichever comes first ends it.") { .object($0) }
        take("review", FieldType<ReviewMode>.word) { .string($0.rawValue) }
        take("holdout", .number(0...0.9)) { .number($0) }
        take("reserve", .number(0...0.9)) { .number($0) }
        take("confirm_on", FieldType<ConfirmationSplit>.word) { .string($0.rawValue) }
        take("seed", .integer(0...9_007_199_254_740_991)) { JSONValue($0) }
        take("mode", .text(1...20), "full or racing.") { .string($0) }
        take("concurrency", .integer(1...1_000), "Calls under way at once.") { JSONValue($0) }
        take("replicates", .integer(1...100)) { JSONValue($0) }
        take("cache", .bool) { .bool($0) }
        for (name, part) in [
            ("loop", ExperimentPart.loop), ("race", ExperimentPart.race), ("safety", ExperimentPart.safety),
            ("embedding", ExperimentPart.model),
        ] { take(name, object(part)) { .object($0) } }
        take("selector", .any.described(by: ExperimentPart.selector)) { $0 }
        take("compare", .text(1...20), "exact, json or semantic.") { .string($0) }
        return json
    }
}

struct ChangeExperiment: RequestBody {
    static let example: JSONObject? = ["stop_rules": ["max_calls": 900]]

    let json: JSONObject

    init(_ fields: Fields) { json = ExperimentRequest.read(fields, isNew: false) }
}

struct RunRequest: RequestBody {
    static let example: JSONObject? = [:]

    let version: String?

    init(_ fields: Fields) {
        version = fields.optional("prompt_version_id", .text(1...100), "Of a draft: the version to begin with.")
    }
}

struct ReviewRequest: RequestBody {
    static let example: JSONObject? = ["decision": "approve", "notes": "Yes: it names the customer."]

    enum Decision: String, CaseIterable, Sendable {
        case approve, reject
        case requestChanges = "request-changes"
    }

    let decision: Decision
    let notes: String
    let edited: JSONObject?

    init(_ fields: Fields) {
        decision = fields.required("decision", .word)
        notes = fields.value("notes", .text(0...4_000), or: "", "The refiner is shown them.")
        edited = fields.optional("edited", .object, "With approve: {text, system_text?} in place of the candidate's.")
        if edited != nil, decision != .approve { fields.fault("edited", "goes with approve alone") }
    }
}

struct OutputReviewRequest: RequestBody {
    static let example: JSONObject? = ["decision": "confirmed"]

    enum Decision: String, CaseIterable, Sendable { case confirmed, dismissed }

    let decision: Decision
    let notes: String

    init(_ fields: Fields) {
        decision = fields.required("decision", .word, "Whether the flag is right, or a false alarm.")
        notes = fields.value("notes", .text(0...4_000), or: "")
    }
}
