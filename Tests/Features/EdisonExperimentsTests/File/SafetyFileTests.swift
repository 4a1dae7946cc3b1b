import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import Testing

extension FileFault {
    fileprivate static func safety(_ lines: String, _ message: String) -> FileFault {
        FileFault("datasets:", "safety:\n\(lines)\ndatasets:", message)
    }

    static let safety = [
        safety("  ‸scaner: { model: guard }", #"unknown key "scaner"; did you mean "scanner"?"#),
        safety("  scanner: { model: guard }\n  ‸scans: [inputs]", #"unknown key "scans"; did you mean "scan"?"#),
        safety("  scanner: ‸guard", "must be a mapping: { provider"),
        safety("  scanner: ‸{ provider: main }", #"needs "model""#),
        safety("  scanner: { model: guard, ‸temprature: 1 }", #"did you mean "temperature"?"#),
        safety("  scanner: { model: guard, ‸mode: pairwise }", #"unknown key "mode""#),
        safety("  scanner: { model: guard, provider: ‸nobody }", #"unknown provider "nobody""#),
        safety("  scanner: { model: guard, temperature: ‸3 }", "must lie between 0.0 and 2.0"),
        safety("  scanner: { model: guard }\n  scan: ‸output", #"did you mean "outputs"?"#),
        safety("  scanner: { model: guard }\n  scan: [inputs, ‸prompts]", "is not one of inputs, outputs"),
        safety("  scanner: { model: guard }\n  scan: ‸[]", "names nothing"),
        safety("  ‸scan: [outputs]", #""scan" needs scanner"#),
    ]
}

@Suite("safety in the experiment file")
struct SafetyFileTests {
    private func definition(_ lines: String) throws -> ExperimentDefinition {
        try SampleFile.definition(SampleFile.adding("safety:\n\(lines)"))
    }

    @Test("a fault is named with its place and what was probably meant", arguments: FileFault.safety)
    func faults(_ fault: FileFault) throws {
        let marked = try fault.marked()
        let error = try #require(throws: EdisonError.self) { try SampleFile.read(marked.text) }
        #expect(error.issues.count == 1, "\(error)")
        let issue = try #require(error.issues.first)
        #expect(issue.message.contains(fault.message), "\(issue.message)")
        #expect((issue.line, issue.column) == (marked.line, marked.column))
    }

    @Test("a scanner is a model at temperature 0 that scans inputs and outputs, unless the file says otherwise")
    func scanner() throws {
        let standard = try #require(try definition("  scanner: { model: guard }").scanner)
        #expect(standard.model.reference.model == "guard")
        #expect(standard.model.parameters.temperature == 0)
        #expect(standard.subjects == [.inputs, .outputs])
        let own = try #require(
            try definition(
                "  scanner: { model: guard, temperature: 0.5, thinking: self-consistency, system_prompt: Look., "
                    + "price: { input: 1, output: 2 } }\n  scan: outputs"
            ).scanner)
        #expect(own.model.parameters.temperature == 0.5)
        #expect(own.model.thinking == .selfConsistency)
        #expect(own.systemPrompt == "Look.")
        #expect(own.subjects == [.outputs])
        #expect(own.model.reference.price?.output.nanodollars == 2_000_000_000)
    }

    @Test("all other keys are recorded as they are, with and without a scanner")
    func recorded() throws {
        #expect(
            try definition("  pii: block\n  notes: [a, b]").json["safety"] == ["pii": "block", "notes": ["a", "b"]])
        #expect(try SampleFile.definition(SampleFile.adding("safety: strict")).json["safety"] == "strict")
        #expect(try SampleFile.definition().json["safety"] == nil)
        let both = try definition("  pii: block\n  scanner: { model: guard }").json["safety"]
        #expect(both?["pii"] == "block")
        #expect(both?["scanner"]?["model"] == "guard")
        #expect(both?["scan"] == ["inputs", "outputs"])
        #expect(both?.text().contains("127.0.0.1") == false)
        #expect(both?.text().contains("sk-1") == false)
    }

    @Test("the scanner, what it scans and how is part of the run's identity; its price and its provider's name are not")
    func identity() throws {
        func identity(_ lines: String) throws -> ContentHash { try definition(lines).identity(kind: .refine) }
        let base = try identity("  scanner: { model: guard }")
        #expect(try identity("  scanner: { model: guard, price: { input: 1, output: 1 } }") == base)
        #expect(try identity("  scanner: { provider: main, model: guard }\n  scan: [outputs, inputs]") == base)
        let others = try [
            "  pii: block", "  scanner: { model: guard-2 }", "  scanner: { model: guard }\n  scan: inputs",
            "  scanner: { model: guard, system_prompt: Look. }", "  scanner: { model: guard, thinking: sequential }",
            "  scanner: { model: guard, parameters: { max_tokens: 9 } }", "  pii: block\n  scanner: { model: guard }",
        ].map(identity)
        #expect(Set(others + [base]).count == others.count + 1)
    }

    @Test("the estimate counts a scan of every output and of every input that a model sees")
    func estimate() throws {
        let cases = (0..<10).map { "      - { input: { message: Hello \($0) } }" }.joined(separator: "\n")
        func estimate(_ lines: String, kind: Experiment.Kind) throws -> CostEstimate {
            let text = try SampleFile.with("      - { input: { message: Hello } }", cases) + lines
            let definition = try SampleFile.definition(text)
            let rate = Money.PerMillionTokens(nanodollars: 1_000_000_000)
            return CostEstimate(definition, kind: kind) {
                $0.model == "guard" ? Price(input: rate, output: rate) : .free
            }
        }
        let without = try estimate("", kind: .eval)
        let both = try estimate("safety: { scanner: { model: guard } }\n", kind: .eval)
        let outputs = try estimate("safety: { scanner: { model: guard }, scan: outputs }\n", kind: .eval)
        #expect(both.calls - without.calls == 20)
        #expect(outputs.calls - without.calls == 10)
        #expect(without.expected == .zero)
        #expect(try #require(both.expected) > #require(outputs.expected))
        let thrice = try estimate(
            "safety: { scanner: { model: guard, thinking: self-consistency }, scan: outputs }\n", kind: .eval)
        #expect(thrice.calls - without.calls == 30)
        let refine = try estimate("safety: { scanner: { model: guard }, scan: inputs }\n", kind: .refine)
        #expect(refine.calls - (try estimate("", kind: .refine)).calls == 10)
    }

    @Test("a scanner without a price makes the cost unknown and is named")
    func unknownPrice() throws {
        var definition = try definition("  scanner: { model: guard }")
        #expect(CostEstimate(definition, kind: .eval) { $0.model == "guard" ? nil : .free }.expected == nil)
        definition.scanner = nil
        #expect(CostEstimate(definition, kind: .eval) { $0.model == "guard" ? nil : .free }.expected != nil)
    }
}
