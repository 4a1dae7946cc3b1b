import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

/// The experiment file of a stored run, written again for a new one.
///
/// Everything of the definition is in it that is stored: no address, no key, and none of a provider's further settings.
package struct RunFile: Sendable {
    package let text: String
    /// The cases beside it, by file name: a file for each kind.
    package let cases: [(name: String, text: String)]
    /// What is for a person to fill in.
    package let gaps: [String]

    init(definition: JSONValue, cases all: [TestCase], of run: StoredRun, casesFile: String) {
        let kinds = DatasetKind.allCases.filter { kind in all.contains { $0.kind == kind } }
        let files = kinds.map { kind in
            (
                name: kinds.count == 1 ? casesFile : casesFile.replacing(".jsonl", with: ".\(kind.rawValue).jsonl"),
                kind: kind
            )
        }
        cases = files.map { file in (file.name, ExperimentFileWriter.lines(of: all.filter { $0.kind == file.kind })) }
        let entries = definition["entries"] ?? [:]
        let providers = (entries["providers"]?.object?.members ?? []).map { ($0.key, $0.value.string ?? "") }
        gaps = providers.flatMap(Self.gap)
        var parts = Self.head(definition, run)
        parts += Self.prompt(definition)
        parts += Self.providers(providers)
        parts += Self.roles(definition, entries, isEval: run.experiment.kind == .eval)
        parts += Self.datasets(definition, files)
        parts += Self.rules(definition, seed: run.experiment.seed)
        text = parts.joined(separator: "\n") + "\n"
    }

    private typealias Yaml = ExperimentFileWriter

    private static func head(_ definition: JSONValue, _ run: StoredRun) -> [String] {
        let isDraft = definition["drafting"]?["rubric"]?.bool == true && definition["drafted"]?.bool != true
        var lines = [
            "# The definition of the run \(run.experiment.id) of \(run.experiment.createdAt.rfc3339).",
            "# Addresses, keys and further settings of providers are not stored with a run.",
            "name: \(Yaml.quoted("\(run.experiment.name) (copy)"))",
        ]
        if let words = definition["description"]?.string { lines.append("description: \(Yaml.quoted(words))") }
        lines.append("goal: \(Yaml.quoted(definition["goal"]?.string ?? ""))")
        if isDraft { return lines + ["rubric: { draft: true }"] }
        return lines + ["rubric:"] + (definition["rubric"]?.array ?? []).map { "  - \(Yaml.flow($0))" }
    }

    private static func prompt(_ definition: JSONValue) -> [String] {
        if let count = definition["drafting"]?["prompts"]?.int, count > 0, definition["drafted"]?.bool != true {
            return ["prompt: { draft: \(count) }"]
        }
        let content = definition["prompt"] ?? [:]
        let lines = parts(of: content)
        return lines.isEmpty ? [] : ["prompt:"] + lines
    }

    private static func parts(of content: JSONValue) -> [String] {
        var lines: [String] = []
        if let system = content["system_text"]?.string { lines += Yaml.block("system", system) }
        if let text = content["text"]?.string, !text.isEmpty { lines += Yaml.block("text", text) }
        for key in ["few_shots", "messages", "tools"] {
            if let value = content[key], !value.isNull { lines.append("  \(key): \(Yaml.flow(value))") }
        }
        return lines
    }

    private static func providers(_ providers: [(name: String, kind: String)]) -> [String] {
        // Those that are named by their kind are read from their usual variables, without an entry.
        let own = providers.filter { $0.name != $0.kind || ["command", "http"].contains($0.kind) }
        guard !own.isEmpty else { return [] }
        return ["providers:"]
            + own.map { name, kind in
                let more =
                    switch kind {
                    case "command": ", command: [\"./answer\"]"
                    case "http": ", url: \"http://127.0.0.1:8080/\""
                    default: ""
                    }
                return "  \(Yaml.key(name)): { provider: \(kind)\(more) }"
            }
    }

    private static func gap(_ name: String, _ kind: String) -> [String] {
        switch kind {
        case "openai-compatible": ["\(name): base_url and api_key, unless EDISON_LLM_URL and EDISON_LLM_KEY are set"]
        case "command": ["\(name): the command that is run"]
        case "http": ["\(name): the url of the application"]
        default: name == kind ? [] : ["\(name): base_url and api_key, unless the usual variables of \(kind) are set"]
        }
    }

    private static func roles(_ definition: JSONValue, _ entries: JSONValue, isEval: Bool) -> [String] {
        func list(_ key: String, _ rows: [JSONValue]) -> [String] {
            rows.isEmpty ? [] : ["\(key):"] + rows.map { "  - \(Yaml.flow($0))" }
        }
        let models = entries["variants"]?.array ?? []
        let variants = zip(definition["variants"]?.array ?? [], models).map { variant, model -> JSONValue in
            var entry = model.object ?? [:]
            let content = variant["prompt"] ?? [:]
            var prompt: JSONObject = [:]
            prompt["system"] = content["system_text"]
            if content["text"]?.string != "" { prompt["text"] = content["text"] }
            for key in ["few_shots", "messages", "tools"] { prompt[key] = content[key] }
            entry["prompt"] = .object(prompt)
            return .object(entry)
        }
        // An evaluation of variants has no other models than theirs.
        var lines = isEval && !variants.isEmpty ? [] : list("models", entries["models"]?.array ?? [])
        lines += list("judges", entries["judges"]?.array ?? [])
        if let refiner = entries["refiner"], !refiner.isNull { lines.append("refiner: \(Yaml.flow(refiner))") }
        lines += list("variants", variants)
        if let compare = definition["compare"]?["kind"]?.string { lines.append("compare: \(compare)") }
        if let embedding = entries["embedding"], !embedding.isNull {
            lines.append("embedding: \(Yaml.flow(embedding))")
        }
        guard let safety = definition["safety"] else { return lines }
        guard case .object(var object) = safety, let scanner = entries["scanner"], !scanner.isNull else {
            return lines + ["safety: \(Yaml.flow(safety))"]
        }
        object["scanner"] = scanner
        return lines + ["safety: \(Yaml.flow(.object(object)))"]
    }

    private static func datasets(_ definition: JSONValue, _ files: [(name: String, kind: DatasetKind)]) -> [String] {
        let rest = definition["drafted"]?.bool == true ? 0 : definition["drafting"]?["cases"]?.int ?? 0
        return ["datasets:"]
            + files.map { "  - { file: \(Yaml.quoted($0.name)), kind: \($0.kind.rawValue) }" }
            + (rest > 0 ? ["  - { generate: \(rest) }"] : [])
    }

    /// Settings that are not their defaults.
    private static func rules(_ definition: JSONValue, seed: UInt64) -> [String] {
        func changed(_ key: String, _ now: JSONValue?, _ standard: JSONValue, _ left: [String] = []) -> [String] {
            let members = (now?.object?.members ?? []).filter {
                !left.contains($0.key) && !$0.value.isNull && $0.value != standard[$0.key]
            }
            return members.isEmpty
                ? [] : ["\(key): \(Yaml.flow(.object(JSONObject(members.map { ($0.key, $0.value) }))))"]
        }
        let loop = definition["loop"]
        let standard = LoopSettings().json
        var lines: [String] = []
        for key in ["holdout", "reserve"] {
            if let share = definition[key], !share.isNull { lines.append("\(key): \(share.text())") }
        }
        if let split = definition["confirm_on"]?.string { lines.append("confirm_on: \(split)") }
        lines += changed("stop", definition["stop"], StopRules().json)
        lines.append("review: \(definition["review"]?.string ?? "automatic")")
        for key in ["mode", "replicates"] {
            if let value = loop?[key], !value.isNull, value != standard[key] {
                lines.append("\(key): \(value.string ?? value.text())")
            }
        }
        lines += changed("loop", loop, standard, ["mode", "replicates", "race"])
        lines += changed("race", loop?["race"], standard["race"] ?? [:])
        lines += changed("selector", definition["selector"], Selector().json)
        return lines + ["seed: \(seed)"]
    }
}
