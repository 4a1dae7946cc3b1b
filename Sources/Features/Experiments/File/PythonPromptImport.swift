import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts
import Foundation
import Yams

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
        let prompt = converted(chosen.text, isTemplate: chosen.isTemplate || Self.hasPlaceholder(chosen.text), &losses)
        for other in found where other.name != chosen.name { losses.append("the constant \(other.name)") }
        let names = (try? PromptRenderer.variables(PromptContent(text: prompt))) ?? []
        let input = JSONObject(names.map { ($0, .string(Importer.casePlaceholder)) })
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

    /// `{name}`: other braces of a plain text are part of it, as in an example of JSON.
    private static func hasPlaceholder(_ text: String) -> Bool {
        text.range(of: #"(?<!\{)\{[A-Za-z_]\w*\}(?!\})"#, options: .regularExpression) != nil
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
