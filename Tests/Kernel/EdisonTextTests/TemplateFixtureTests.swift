import EdisonCore
import EdisonTestKit
import EdisonText
import Testing

@Suite("templates against two Mustache implementations") struct TemplateFixtureTests {
    @Test(
        "variables, sections and partials", provided("render", in: "templates"),
        arguments: OracleCase.all("render", in: "templates"))
    func render(_ oracle: OracleCase) { oracle.check(differences: Self.differences) }

    @Test(
        "tags that stand alone on their line", provided("whitespace", in: "templates"),
        arguments: OracleCase.all("whitespace", in: "templates"))
    func whitespace(_ oracle: OracleCase) { oracle.check(differences: Self.differences) }

    @Test(
        "values that look like template code", provided("injection", in: "templates"),
        arguments: OracleCase.all("injection", in: "templates"))
    func injection(_ oracle: OracleCase) { oracle.check(differences: Self.differences) }

    @Test(
        "whole prompts", provided("real_prompts", in: "templates"),
        arguments: OracleCase.all("real_prompts", in: "templates"))
    func realPrompts(_ oracle: OracleCase) { oracle.check(differences: Self.differences) }

    @Test(
        "templates to refuse, with the line and the tag", provided("errors", in: "templates"),
        arguments: OracleCase.all("errors", in: "templates"))
    func errors(_ oracle: OracleCase) {
        oracle.check { fixture in
            guard let want = fixture.expected["edison"] else { throw MissingField(key: "edison") }
            let source = try fixture.input.text(at: "template")
            do throws(TemplateError) {
                _ = try Template(source)
                return ["was accepted, want \(want.text())"]
            } catch {
                return try difference("error", got: error.kind.rawValue, want: want.text(at: "error"))
                    + difference("line", got: error.line, want: want.int(at: "line"))
                    + difference("tag", got: error.tag, want: want["tag"]?.string)
            }
        }
    }

    private static func differences(_ fixture: FixtureCase) throws -> [String] {
        let (input, want) = (fixture.input, fixture.expected)
        let template = try Template(try input.text(at: "template"))
        let data = input["data"] ?? .null
        var partials: [String: String] = [:]
        for (name, text) in input["partials"]?.object ?? [:] { partials[name] = text.string }
        let own = want["edison"]
        let missing = try (own?["missing"] == nil ? want : own ?? want).list(at: "missing").compactMap(\.string)
        let output = own?["output"]?.string ?? want["output"]?.string ?? ""

        let tags = template.tags.map { [$0.kind.rawValue, $0.name] }
        let wantedTags = try want.list(at: "tags").map { ($0.array ?? []).compactMap(\.string) }
        var faults = difference("tags", got: bytes(tags.joined()), want: bytes(wantedTags.joined()))
        let unused = try want.list(at: "unused").compactMap(\.string)
        faults += difference("unused", got: bytes(template.unused(in: data, partials: partials)), want: bytes(unused))
        faults += difference(
            "missing", got: bytes(try template.missing(in: data, partials: partials)), want: bytes(missing))
        let lenient = try template.render(data, mode: .lenient, partials: partials)
        faults += byteDifference("lenient output", got: Array(lenient.utf8), want: Array(output.utf8))
        return try faults + strict(template, data, partials, output: output, missing: missing, own: own)
    }

    private static func strict(
        _ template: Template, _ data: JSONValue, _ partials: [String: String], output: String, missing: [String],
        own: JSONValue?
    ) throws -> [String] {
        do throws(RenderError) {
            let text = try template.render(data, partials: partials)
            if let error = own?["error"] { return ["rendered, want \(error.text())"] }
            if !missing.isEmpty { return ["rendered, want the missing names \(missing)"] }
            return byteDifference("strict output", got: Array(text.utf8), want: Array(output.utf8))
        } catch {
            switch error {
            case .missingVariables(let names):
                return difference("missing names", got: bytes(names), want: bytes(missing))
            case .missingPartials(let names):
                let wanted = (own?["names"]?.array ?? []).compactMap(\.string)
                return difference("error", got: "missing_partials", want: own?["error"]?.string ?? "none")
                    + difference("missing partials", got: bytes(names), want: bytes(wanted))
            case .partialDepth: return difference("error", got: "partial_depth", want: own?["error"]?.string ?? "none")
            case .partial: return ["\(error)"]
            }
        }
    }

    /// Names are compared by their bytes, not by canonical equivalence.
    private static func bytes(_ names: some Sequence<String>) -> [[UInt8]] { names.map { Array($0.utf8) } }
}
