import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonPrompts

/// Small parts of experiments, sound unless a test breaks them.
enum Sample {
    static let goal = "Answer customers politely and solve their problem."
    static let prompt = PromptContent(text: "Answer the customer.\n{{message}}")
    static let rubric = Rubric([Criterion(name: "Quality", description: "Does what the goal asks", weight: 1)])
    /// A dollar for a million tokens, in or out: a microdollar a token.
    static let price = Price(
        input: Money.PerMillionTokens(nanodollars: 1_000_000_000),
        output: Money.PerMillionTokens(nanodollars: 1_000_000_000))

    private static let topics = [
        "my parcel", "the invoice", "my login", "a refund", "the heating", "our contract", "the lamp", "my seat",
    ]
    private static let moods = ["is late", "is wrong", "does not work", "never came", "worries me", "is broken"]

    static func message(_ index: Int) -> String {
        let turn = index / (topics.count * moods.count)
        let again = Array(repeating: "again", count: turn).joined(separator: " ")
        return "Hello, \(topics[index % topics.count]) \(moods[index / topics.count % moods.count]) \(again)".trimmed
    }

    static func testCase(_ message: String, tags: [String] = [], cluster: String? = nil) -> TestCase {
        TestCase(id: IDSource.random.next(), input: ["message": .string(message)], tags: tags, cluster: cluster)
    }

    /// Different cases; equal numbers give equal content and other ids.
    static func cases(_ count: Int) -> [TestCase] { (0..<count).map { testCase(message($0)) } }

    static func endpoint(_ url: String) -> Endpoint {
        Endpoint(kind: .openAICompatible, credentialID: "main", baseURL: url + "/v1", apiKey: Secret("sk-secret"))
    }

    static func model(_ name: String, at url: String, price: Price? = price) -> RunModel {
        RunModel(
            name: name, reference: ModelReference(endpoint: endpoint(url), model: name, price: price),
            parameters: ModelParameters(maxTokens: 50))
    }

    static func judge(_ name: String, at url: String, mode: Judge.Mode = .pointwise) -> RunJudge {
        RunJudge(judge: Judge(name: name, mode: mode, model: name), model: model(name, at: url))
    }

    static func definition(
        at url: String = "http://127.0.0.1:9", cases: [TestCase] = cases(24), judges: [String] = ["judge"]
    ) -> ExperimentDefinition {
        ExperimentDefinition(
            name: "Support", goal: goal, rubric: rubric, prompt: prompt, models: [model("writer", at: url)],
            judges: judges.map { judge($0, at: url) }, refiner: model("refiner", at: url),
            cases: cases.preparedForSplit())
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
