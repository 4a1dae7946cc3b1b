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

    /// What stands where only the person knows the words.
    static let goalPlaceholder = "Say here in a sentence what the prompt is for."
    static let casePlaceholder = "write an example here"

    static func isPlaceholder(_ testCase: TestCase) -> Bool {
        testCase.input.members.contains { $0.value.string == casePlaceholder }
    }

    static func writer(name: String, prompt: PromptContent, rubric: Rubric, casesFile: String) -> ExperimentFileWriter {
        let model = "{ provider: main, model: gpt-4o-mini }"
        var writer = ExperimentFileWriter(
            name: name, goal: goalPlaceholder, rubric: rubric, prompt: prompt,
            provider: "{ provider: openai }", model: model, judge: model, refiner: model, casesFile: casesFile,
            kind: .golden)
        writer.notes = ["Imported from \(name). Write the goal and look over rubric, provider and models."]
        return writer
    }
}
