import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts
package import Foundation
import Yams

/// Reads what other tools keep, and names what has no place here.
package enum Importer {
    package enum Format: String, Sendable, CaseIterable {
        case promptfoo, jsonl
        case pythonPrompt = "python-prompt"
    }

    package struct Imported: Sendable {
        package let file: String
        /// JSON lines.
        package let cases: String
        package let count: Int
        package let losses: [String]
    }

    package static func read(
        file: URL, format: Format, variable: String?, casesFile: String
    ) throws -> Imported {
        let surroundings = FileEnvironment(folder: file.deletingLastPathComponent(), variables: [:])
        let text = try surroundings.text(of: file.lastPathComponent)
        switch format {
        case .promptfoo: return try PromptfooImport(text: text, surroundings: surroundings).imported(casesFile)
        case .jsonl: return try jsonl(text, path: file.lastPathComponent, casesFile: casesFile)
        case .pythonPrompt: return try PythonPromptImport(text: text, variable: variable).imported(casesFile)
        }
    }

    private static func jsonl(_ text: String, path: String, casesFile: String) throws -> Imported {
        let read = try CaseImport.read(text, format: .init(path: path), kind: .golden)
        guard let first = read.cases.first else {
            let reason = read.rejected.first.map { ": row \($0.row): \($0.message)" } ?? ""
            throw EdisonError(.invalid, "No case could be read\(reason).")
        }
        let names = first.input.keys
        let body = names.map { "\($0): {{\($0)}}" }.joined(separator: "\n")
        let writer = writer(
            name: path, prompt: PromptContent(text: "Answer the following.\n\n\(body)"), rubric: standardRubric,
            casesFile: casesFile)
        return Imported(
            file: writer.text, cases: ExperimentFileWriter.lines(of: read.cases), count: read.cases.count,
            losses: read.rejected.map { "row \($0.row): \($0.message)" })
    }

    static let standardRubric = Rubric([
        Criterion(name: "Quality", description: "Does what the goal asks, correctly and completely", weight: 1)
    ])

    static func writer(name: String, prompt: PromptContent, rubric: Rubric, casesFile: String) -> ExperimentFileWriter {
        let model = "{ provider: main, model: gpt-4o-mini }"
        var writer = ExperimentFileWriter(
            name: name, goal: "Say here in a sentence what the prompt is for.", rubric: rubric, prompt: prompt,
            provider: "{ provider: openai }", model: model, judge: model, refiner: model, casesFile: casesFile,
            kind: .golden)
        writer.notes = ["Imported from \(name). Write the goal and look over rubric, provider and models."]
        return writer
    }
}

/// A configuration of promptfoo: prompts, tests with variables, and the assertions that have a check here.
struct PromptfooImport {
    let text: String
    let surroundings: FileEnvironment

    func imported(_ casesFile: String) throws -> Importer.Imported {
        let faults = FaultList()
        guard let node = try? Yams.compose(yaml: text) else { throw EdisonError(.invalid, "The file is not YAML.") }
        let root = FileNode(node: node, path: "", faults: faults).json()
        var losses: [String] = []
        let prompts = (root["prompts"]?.array ?? [root["prompts"] ?? .null]).compactMap { promptText($0, &losses) }
        guard let first = prompts.first else {
            throw EdisonError(.invalid, "The configuration has no prompt that could be read.")
        }
        for extra in prompts.dropFirst() {
            losses.append("a further prompt (put it under variants:): \(extra.prefix(60).replacing("\n", with: " "))…")
        }
        let defaults = root["defaultTest"] ?? [:]
        var cases: [TestCase] = []
        for (index, test) in (root["tests"]?.array ?? []).enumerated() {
            if let testCase = testCase(test, defaults, index, &losses) { cases.append(testCase) }
        }
        if root["tests"]?.string != nil {
            losses.append("tests in another file: import that file with: edison import jsonl")
        }
        let providers = (root["providers"]?.array ?? []).map { $0.string ?? $0["id"]?.string ?? $0.text() }
        if !providers.isEmpty {
            losses.append("providers (write them under providers: and models:): \(providers.joined(separator: ", "))")
        }
        for key in ["scenarios", "derivedMetrics", "outputPath", "sharing", "env"] where root[key] != nil {
            losses.append(key)
        }
        var writer = Importer.writer(
            name: root["description"]?.string ?? "promptfoo", prompt: PromptContent(text: first),
            rubric: Importer.standardRubric, casesFile: casesFile)
        if let description = root["description"]?.string, description.count >= 10 { writer.goal = description }
        return Importer.Imported(
            file: writer.text, cases: ExperimentFileWriter.lines(of: cases), count: cases.count, losses: losses)
    }

    private func promptText(_ json: JSONValue, _ losses: inout [String]) -> String? {
        guard let word = json.string ?? json["raw"]?.string ?? json["id"]?.string else { return nil }
        guard word.hasPrefix("file://") else { return word }
        let path = String(word.dropFirst(7))
        if path.hasSuffix(".js") || path.hasSuffix(".py") || path.contains("*") {
            losses.append("the prompt \(word): code and patterns cannot be read")
            return nil
        }
        guard let text = try? surroundings.text(of: path) else {
            losses.append("the prompt \(word): the file cannot be read")
            return nil
        }
        return text
    }

    private func testCase(
        _ test: JSONValue, _ defaults: JSONValue, _ index: Int, _ losses: inout [String]
    ) -> TestCase? {
        var input = defaults["vars"]?.object ?? [:]
        for (key, value) in test["vars"]?.object ?? [:] { input[key] = value }
        guard !input.isEmpty else {
            losses.append("test \(index + 1): it has no vars")
            return nil
        }
        var checks: [JSONValue] = []
        var expected: JSONValue?
        for assertion in (defaults["assert"]?.array ?? []) + (test["assert"]?.array ?? []) {
            let value = assertion["value"] ?? .null
            switch assertion["type"]?.string {
            case "equals":
                checks.append(["equals": value])
                expected = expected ?? value
            case "contains", "icontains": checks.append(["contains": value])
            case "not-contains", "not-icontains": checks.append(["not_contains": value])
            case "contains-all": checks.append(["contains": value])
            case "regex": checks.append(["regex": value])
            case "is-json": checks.append(["json_schema": value.object == nil ? ["type": ["object", "array"]] : value])
            case let type:
                losses.append(
                    "test \(index + 1): the assertion \(type ?? "without type") (say it as a criterion of the rubric)")
            }
        }
        return TestCase(
            id: IDSource.random.next(), input: input, expected: expected,
            tags: test["description"]?.string.map { [$0] } ?? [], checks: checks)
    }
}

/// A prompt that lives in Python code today: a text constant, f-string or `.format` template.
struct PythonPromptImport {
    let text: String
    let variable: String?

    func imported(_ casesFile: String) throws -> Importer.Imported {
        let found = try constants()
        let chosen =
            variable.map { name in found.first { $0.name == name } } ?? found.max { $0.text.count < $1.text.count }
        guard let chosen else {
            let names = found.map(\.name).joined(separator: ", ")
            throw EdisonError(
                .notFound,
                variable.map { "The file has no text constant \"\($0)\"." } ?? "The file has no text constant.",
                detail: names.isEmpty ? "It should hold a line such as: PROMPT = \"\"\"…\"\"\"" : "Found: \(names)")
        }
        var losses: [String] = []
        let prompt = converted(chosen.text, isTemplate: chosen.isTemplate || chosen.text.contains("{"), &losses)
        for other in found where other.name != chosen.name { losses.append("the constant \(other.name)") }
        let names = (try? PromptRenderer.variables(PromptContent(text: prompt))) ?? []
        let input = JSONObject(names.map { ($0, .string("write an example here")) })
        let cases = names.isEmpty ? [] : [TestCase(id: IDSource.random.next(), input: input)]
        if names.isEmpty {
            losses.append("the input: the constant has no {placeholder}; add {{input}} where it belongs")
        }
        let writer = Importer.writer(
            name: chosen.name, prompt: PromptContent(text: prompt), rubric: Importer.standardRubric,
            casesFile: casesFile)
        return Importer.Imported(
            file: writer.text, cases: ExperimentFileWriter.lines(of: cases), count: cases.count, losses: losses)
    }

    private struct Constant {
        let name: String
        let text: String
        let isTemplate: Bool
    }

    private func constants() throws -> [Constant] {
        let pattern =
            #"(?m)^[ \t]*([A-Za-z_]\w*)\s*(?::[^=\n]+)?=\s*\(?\s*([fFrRbBuU]*)("""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')"#
        let expression = try NSRegularExpression(pattern: pattern)
        let whole = NSRange(text.startIndex..., in: text)
        return expression.matches(in: text, range: whole).compactMap { match in
            func group(_ index: Int) -> String? { Range(match.range(at: index), in: text).map { String(text[$0]) } }
            guard let name = group(1), let body = group(4) ?? group(5) ?? group(6) ?? group(7) else { return nil }
            let prefix = (group(2) ?? "").lowercased()
            return Constant(
                name: name, text: prefix.contains("r") ? body : unescaped(body), isTemplate: prefix.contains("f"))
        }
    }

    private func unescaped(_ text: String) -> String {
        text.replacing("\\\n", with: "").replacing("\\n", with: "\n").replacing("\\t", with: "\t")
            .replacing("\\\"", with: "\"").replacing("\\'", with: "'").replacing("\\\\", with: "\\")
    }

    /// `{name}` becomes `{{name}}`, `{{` and `}}` become single braces; an expression is named as a loss.
    private func converted(_ text: String, isTemplate: Bool, _ losses: inout [String]) -> String {
        guard isTemplate else { return text }
        var result = ""
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            result += rest[..<brace]
            let after = rest.index(after: brace)
            if after < rest.endIndex, rest[after] == rest[brace] {
                result.append(rest[brace])
                rest = rest[rest.index(after: after)...]
            } else if rest[brace] == "{", let end = rest[after...].firstIndex(of: "}") {
                let inner = String(rest[after..<end])
                let name = inner.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                if name.isEmpty || name.count != inner.count {
                    losses.append("the expression {\(inner)} (it became {{\(name.isEmpty ? "value" : name)}})")
                }
                result += "{{\(name.isEmpty ? "value" : name)}}"
                rest = rest[rest.index(after: end)...]
            } else {
                result.append(rest[brace])
                rest = rest[after...]
            }
        }
        return (result + rest).trimmingCharacters(in: .newlines)
    }
}
