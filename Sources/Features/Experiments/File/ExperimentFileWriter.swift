import EdisonCore
package import EdisonDatasets
package import EdisonEvaluation
package import EdisonPrompts

/// Writes an experiment file for people: every part in its place, with a word of explanation.
package struct ExperimentFileWriter: Sendable {
    package var name: String
    package var goal: String
    package var rubric: Rubric
    package var prompt: PromptContent
    /// Lines under `providers:`, `models:`, `judges:` and `refiner:`.
    package var provider: String
    package var model: String
    package var judge: String
    package var refiner: String
    package var casesFile: String
    package var kind: DatasetKind
    package var notes: [String] = []
    package var compare: String?
    /// The limit under `stop:`. A budget in USD needs prices; without them calls are limited.
    package var limit = "max_budget_usd: 2.00"

    package init(
        name: String, goal: String, rubric: Rubric, prompt: PromptContent, provider: String, model: String,
        judge: String, refiner: String, casesFile: String, kind: DatasetKind
    ) {
        self.name = name
        self.goal = goal
        self.rubric = rubric
        self.prompt = prompt
        self.provider = provider
        self.model = model
        self.judge = judge
        self.refiner = refiner
        self.casesFile = casesFile
        self.kind = kind
    }

    package var text: String {
        var lines = notes.map { "# \($0)" }
        lines += [
            "name: \(Self.quoted(name))", "goal: \(Self.quoted(goal))", "", "# What good means; the weights sum to 1.",
            "rubric:",
        ]
        lines += rubric.criteria.map { criterion in
            let check = criterion.check.map { ", check: \(Self.escaped($0.json.text()))" } ?? ""
            let scale =
                criterion.check == nil
                ? ", scale: { min: \(Self.number(criterion.scale.min)), max: \(Self.number(criterion.scale.max)) }" : ""
            return "  - { name: \(Self.quoted(criterion.name)), description: \(Self.quoted(criterion.description)), "
                + "weight: \(Self.number(criterion.weight))\(scale)\(check) }"
        }
        lines += ["", "# The first version; {{names}} are taken from each case's input.", "prompt:"]
        if let system = prompt.systemText { lines += Self.block("system", system) }
        if prompt.messages.isEmpty {
            lines += Self.block("text", prompt.text)
        } else {
            lines.append("  messages:")
            lines += prompt.messages.map { "    - { role: \($0.role), content: \(Self.quoted($0.text)) }" }
        }
        lines += ["", "providers:", "  main: \(provider)", "models:", "  - \(model)"]
        if !rubric.judged.isEmpty { lines += ["judges:", "  - \(judge)"] }
        lines += [
            "refiner: \(refiner)", "datasets:",
            Self.dataset(file: casesFile, kind: kind),
        ]
        if let compare { lines.append("compare: \(compare)") }
        lines += [
            "", "stop: { max_iterations: 10, \(limit) }",
            "review: automatic   # or suggestions: you decide on every change", "seed: 1", "",
        ]
        return lines.joined(separator: "\n")
    }

    /// The line under `datasets:` that names a file of cases.
    package static func dataset(file: String, kind: DatasetKind) -> String {
        "  - { file: \(quoted(file)), kind: \(kind.rawValue) }"
    }

    /// A double-quoted YAML text; JSON's escapes are YAML's.
    static func quoted(_ text: String) -> String { escaped(JSONValue.string(text).text()) }

    /// What JSON may hold as it is and YAML folds, refuses, or takes for the end of a line.
    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        (0x7F...0x9F).contains(scalar.value) || [0x2028, 0x2029, 0xFEFF].contains(scalar.value)
    }

    private static func escaped(_ json: String) -> String {
        json.unicodeScalars.reduce(into: "") { result, scalar in
            if isSpecial(scalar) {
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : "\((value * 10_000).rounded() / 10_000)"
    }

    /// A text as a block, which is what people like to edit; quoted where a block would not keep it as it is.
    static func block(_ key: String, _ text: String) -> [String] {
        let isPlain =
            !text.isEmpty && text.first?.isWhitespace == false && !text.hasSuffix("\n")
            && text.unicodeScalars.allSatisfy { ($0 == "\n" || $0 == "\t" || $0.value >= 32) && !isSpecial($0) }
        guard isPlain else { return ["  \(key): \(quoted(text))"] }
        return ["  \(key): |-"]
            + text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
    }

    /// A value on one line, as people write it: keys without quotes where YAML takes them for what they are.
    static func flow(_ value: JSONValue) -> String {
        switch value {
        case .object(let object):
            let members = object.members.map { "\(key($0.key)): \(flow($0.value))" }
            return members.isEmpty ? "{}" : "{ \(members.joined(separator: ", ")) }"
        case .array(let elements): return "[\(elements.map(flow).joined(separator: ", "))]"
        case .string(let text): return quoted(text)
        case .number(let number) where number == number.rounded() && abs(number) < 1e15: return String(Int(number))
        default: return value.text()
        }
    }

    static func key(_ name: String) -> String {
        let isPlain =
            name.first?.isLetter == true && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(name.lowercased())
        return isPlain ? name : quoted(name)
    }

    /// Cases as JSON lines.
    package static func lines(of cases: [TestCase]) -> String {
        cases.map { testCase in
            var object: JSONObject = ["input": .object(testCase.input)]
            object["expected"] = testCase.expected
            if !testCase.tags.isEmpty { object["tags"] = .array(testCase.tags.map { .string($0) }) }
            object["difficulty"] = .integer(Int64(testCase.difficulty))
            object["language"] = testCase.language.map { .string($0) }
            object["cluster"] = testCase.cluster.map { .string($0) }
            if !testCase.checks.isEmpty { object["checks"] = .array(testCase.checks) }
            if testCase.kind == .adversarial { object["kind"] = .string(testCase.kind.rawValue) }
            if testCase.kind == .adversarial || !testCase.isConfirmed {
                object["confirmed"] = .bool(testCase.isConfirmed)
            }
            return JSONValue.object(object).text() + "\n"
        }.joined()
    }
}
