import EdisonCore
import EdisonText
import Testing

@Suite struct TemplatePropertyTests {
    @Test("a value comes out byte for byte, whatever tags it holds")
    func values() throws {
        let pieces = [
            "{{x}}", "{{{x}}}", "{{&x}}", "{{#x}}", "{{/x}}", "{{^x}}", "{{>p}}", "{{=<% %>=}}", "{{!c}}", "{{", "}}",
            "{", "}",
            "<%x%>", "&amp;", "\r\n", "\n", "e\u{301}", "👩‍👩‍👧", "$x", "%@", "\\(x)", " ", "",
        ]
        for round in 0..<400 {
            var random = RandomTexts(round: round)
            func value() -> String { (0..<random.int(0...6)).map { _ in random.element(pieces) }.joined() }
            let (x, y, z) = (value(), value(), value())
            let data: JSONValue = [
                "x": .string(x), "y": .string(y), "list": [.string(x), .string(z)], "secret": "LEAK", "p": "LEAK",
            ]
            let template = try Template("[{{x}}{{y}}{{{x}}}|{{&y}}|{{#list}}{{.}};{{/list}}{{> part}}]")
            let want = "[\(x)\(y)\(x)|\(y)|\(x);\(z);<\(y)>]"
            let text = try template.render(data, partials: ["part": "<{{y}}>", "p": "LEAK"])
            #expect(isSame(text, want), "round \(round)")
        }
    }

    @Test("text without tags is its own rendering")
    func plain() throws {
        for round in 0..<400 {
            var random = RandomTexts(round: round)
            let text = random.text().replacing("{{", with: "{ ")
            #expect(isSame(try Template(text).render([:]), text), "round \(round)")
        }
    }

    @Test("damaged templates are refused with their line, or rendered, and never crash")
    func damaged() {
        let source =
            "Dear {{name}},\r\n{{#items}}\n  {{> line}}\n{{/items}}\n{{^items}}none{{/items}}\n{{=<% %>=}}<% a.b %>\n<%={{ }}=%>{{{c}}}{{! x }}\n"
        for round in 0..<1_500 {
            var random = RandomTexts(round: round)
            let text = String(decoding: random.damaged(source), as: UTF8.self)
            do throws(TemplateError) {
                let template = try Template(text)
                _ = try? template.render(["name": "n", "items": [1, 2]], partials: ["line": "* {{.}}\n"])
                _ = try? template.render([:], mode: .lenient)
            } catch {
                #expect((1...(text.utf8.count { $0 == 0x0A } + 1)).contains(error.line), "round \(round)")
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test("all missing and all unused names are reported, by their bytes")
    func names() throws {
        let template = try Template("{{a}}{{b.c}}{{a}}{{#s}}{{d}}{{/s}}{{caf\u{E9}}}")
        let data: JSONValue = ["b": ["x": 1], "s": true, "cafe\u{301}": 1, "z": 1, "y": 1]
        #expect(throws: RenderError.missingVariables(["a", "b.c", "d", "caf\u{E9}"])) { try template.render(data) }
        #expect(template.unused(in: data).map { Array($0.utf8) } == ["cafe\u{301}", "y", "z"].map { Array($0.utf8) })
        #expect(throws: RenderError.missingPartials(["caf\u{E9}"])) {
            try Template("{{> caf\u{E9}}}").render([:], partials: ["cafe\u{301}": "other"])
        }
    }

    @Test("partials that call each other without end are stopped")
    func recursion() throws {
        #expect(throws: RenderError.partialDepth) {
            try Template("{{>a}}").render([:], partials: ["a": "{{>b}}{{>b}}", "b": "{{>a}}"])
        }
    }
}
