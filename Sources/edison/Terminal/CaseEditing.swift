import EdisonCore
import EdisonDatasets
import EdisonPrompts

/// A case in the person's own editor, as JSON.
struct CaseEditing {
    private let testCase: TestCase
    private let prompt: PromptContent

    init(_ testCase: TestCase, prompt: PromptContent) {
        self.testCase = testCase
        self.prompt = prompt
    }

    /// nil when it was left as it is; throws in words when the text is no case of the prompt.
    func edited() throws -> TestCase? {
        guard let written = try PersonsEditor.edited(JSONValue.object(form).text(.pretty) + "\n", ending: "json") else {
            return nil
        }
        let json: JSONValue
        do { json = try JSONValue(parsing: written) } catch {
            throw EdisonError(.invalid, "The edited case is not JSON: \(error).")
        }
        var changed: TestCase
        do { changed = try CaseImport.testCase(json, kind: testCase.kind) } catch {
            throw EdisonError(.invalid, "The edited text is no case: \(error).")
        }
        let missing = try PromptRenderer.missing(prompt, input: changed.input)
        if !missing.isEmpty {
            throw EdisonError(
                .invalid, "The input lacks \(missing.joined(separator: ", ")), which the prompt takes.")
        }
        changed.id = testCase.id
        changed.kind = testCase.kind
        return changed
    }

    private var form: JSONObject {
        [
            "input": .object(testCase.input), "expected": testCase.expected ?? .null,
            "tags": .array(testCase.tags.map { .string($0) }), "difficulty": .integer(Int64(testCase.difficulty)),
            "language": JSONValue(testCase.language),
        ]
    }
}
