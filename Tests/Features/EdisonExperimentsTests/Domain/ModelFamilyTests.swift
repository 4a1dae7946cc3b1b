import EdisonEvaluation
import EdisonExperiments
import Testing

@Suite("Families of models")
struct ModelFamilyTests {
    @Test(
        "versions, sizes and vendors do not make another family",
        arguments: [("gpt-4o", "gpt-4.1-mini"), ("meta/llama3.1:8b", "llama3.3"), ("claude-a", "Claude-b")])
    func same(one: String, other: String) {
        #expect(ModelFamily(model: one) == ModelFamily(model: other))
    }

    @Test("other names are other families", arguments: [("gpt-4o", "claude-a"), ("mistral-7b", "mixtral-8x7b")])
    func different(one: String, other: String) {
        #expect(ModelFamily(model: one) != ModelFamily(model: other))
    }

    @Test("a name without letters is a family of its own")
    func letterless() {
        #expect(ModelFamily(model: "4096") != ModelFamily(model: "8192"))
    }

    @Test("judges of a model's family are named, pairwise ones and others are not")
    func related() {
        var definition = Sample.definition(judges: ["writer-2", "judge"])
        definition.judges.append(Sample.judge("writer-3", at: "http://127.0.0.1:9", mode: .pairwise))
        #expect(definition.relatedJudges == ["writer-2"])
    }
}
