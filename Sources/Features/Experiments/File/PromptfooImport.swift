import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts
import Foundation
import Yams

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
        if first.contains("{%") || first.contains("{#") || first.contains(/\{\{[^}]*\|/) {
            losses.append(
                "Jinja in the prompt: {% blocks %}, {# comments #} and filters mean nothing here; write it plainly")
        }
        let defaults = root["defaultTest"] ?? [:]
        var cases: [TestCase] = []
        let variables = (try? PromptRenderer.variables(PromptContent(text: first))) ?? []
        for (index, test) in (root["tests"]?.array ?? []).enumerated() {
            guard let testCase = testCase(test, defaults, index, &losses) else { continue }
            let missing = variables.filter { name in
                testCase.input[name.split(separator: ".").first.map(String.init) ?? name] == nil
            }
            if missing.isEmpty {
                cases.append(testCase)
            } else {
                losses.append("test \(index + 1): it has no \(missing.joined(separator: ", ")), which the prompt needs")
            }
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
        for (name, value) in input where value.array != nil {
            losses.append("test \(index + 1): the list in \(name) stays one value (promptfoo makes a test of each)")
        }
        if test["threshold"] != nil || defaults["threshold"] != nil {
            losses.append("test \(index + 1): its threshold")
        }
        var checks: [JSONValue] = []
        var expected: JSONValue?
        for assertion in (defaults["assert"]?.array ?? []) + (test["assert"]?.array ?? []) {
            let value = assertion["value"] ?? .null
            for key in ["weight", "threshold"] where assertion[key] != nil {
                losses.append("test \(index + 1): the \(key) of an assertion (all checks count alike)")
            }
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
