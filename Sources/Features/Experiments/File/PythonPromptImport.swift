import EdisonCore
import EdisonDatasets
import EdisonPrompts
import Foundation

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
        if let remainder = chosen.remainder {
            losses.append("what Python adds to \(chosen.name): \(remainder.trimmingCharacters(in: .whitespaces))")
        }
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
        var text: String
        var isTemplate: Bool
        /// What Python would join to it and is no text: a name, a call, a `%`.
        var remainder: String?
    }

    private static let literal =
        #"([fFrRbBuU]*)(?:"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')"#

    private func constants() throws -> [Constant] {
        let expression = try NSRegularExpression(
            pattern: #"(?m)^[ \t]*([A-Za-z_]\w*)\s*(?::[^=\n]+)?=\s*(\(?)\s*"# + Self.literal)
        // A line goes on inside parentheses, after a backslash and after a plus.
        let next = try [true, false].map { isEnclosed in
            try NSRegularExpression(
                pattern: (isEnclosed ? #"\s*(?:\+\s*)?"# : #"(?:[ \t]|\\\n)*(?:\+(?:[ \t]|\\\n)*)?"#) + Self.literal)
        }
        let remainder = try NSRegularExpression(pattern: #"\s*\)?[ \t]*((?:\+|%|\.(?!format\b))[^\n]*)"#)
        func rest(_ place: Int) -> NSRange { NSRange(location: place, length: text.utf16.count - place) }
        return expression.matches(in: text, range: rest(0)).compactMap { match in
            guard let name = group(1, match), let first = piece(match, from: 3) else { return nil }
            var constant = Constant(name: name, text: first.text, isTemplate: first.isTemplate)
            var place = match.range.upperBound
            let going = next[group(2, match) == "(" ? 0 : 1]
            while let more = going.firstMatch(in: text, options: .anchored, range: rest(place)),
                let joined = piece(more, from: 1)
            {
                constant.text += joined.text
                constant.isTemplate = constant.isTemplate || joined.isTemplate
                place = more.range.upperBound
            }
            let after = remainder.firstMatch(in: text, options: .anchored, range: rest(place))
            constant.remainder = after.flatMap { group(1, $0) }
            return constant
        }
    }

    private func group(_ index: Int, _ match: NSTextCheckingResult) -> String? {
        Range(match.range(at: index), in: text).map { String(text[$0]) }
    }

    /// One literal: its prefix stands in the group `first`, its text in one of the four after it.
    private func piece(_ match: NSTextCheckingResult, from first: Int) -> (text: String, isTemplate: Bool)? {
        let bodies = (first + 1...first + 4).compactMap { group($0, match) }
        guard let body = bodies.first else { return nil }
        let prefix = (group(first, match) ?? "").lowercased()
        return (prefix.contains("r") ? body : unescaped(body), prefix.contains("f"))
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
