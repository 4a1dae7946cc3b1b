import EdisonCore
import ProviderSimulator
import Testing

@Suite("the true quality of a prompt")
struct TrueQualityTests {
    /// A judge's noise is the same for equal requests, so its mean needs many answers; `judge-a` neither leans nor
    /// looks at the length.
    @Test(
        "it is the mean of what an honest judge gives many answers",
        arguments: ["", " Greet the customer by name. Give the solution as numbered steps."])
    func mean(addition: String) async throws {
        try await withSimulator { client in
            let rubric: JSONValue = [
                [
                    "name": "Empathy", "description": "Polite, warm, personal", "weight": 0.4,
                    "scale": ["min": 1, "max": 5],
                ],
                [
                    "name": "Resolution", "description": "Concrete next steps and a time frame", "weight": 0.6,
                    "scale": ["min": 1, "max": 5],
                ],
            ]
            let truth = TrueQuality(task: .support, rubric: rubric)
            var judged = 0.0
            var questions: [TrueQuality.Question] = []
            let inputs = ApprenticeTask.support.inputs(150, seed: 4)
            for (index, input) in inputs.enumerated() {
                let message = "You answer our customer support.\(addition)\n\nCustomer message: \(input.text)"
                questions.append(TrueQuality.Question(message: message, input: input.text))
                let output = try await client.chat(message, seed: index)
                let judgment = try await ApprenticeTests.judgment(
                    client, judge: "judge-a", input: input.text, output: output)
                for (name, weight) in [("Empathy", 0.4), ("Resolution", 0.6)] {
                    judged += weight * ((judgment["scores"]?[name]?.double ?? .nan) - 1) / 4
                }
            }
            let count = Double(inputs.count)
            #expect(abs(judged / count - truth.mean(over: questions)) < 0.03)
        }
    }

    @Test("a contrary judge scores the better prompt lower")
    func contrary() async throws {
        try await withSimulator { client in
            let better = ApprenticeTests.plain + " Greet the customer by name. Give the solution as numbered steps."
            let before = try await ApprenticeTests.score(
                client, system: ApprenticeTests.plain, judge: "judge-contrary-a")
            let after = try await ApprenticeTests.score(client, system: better, judge: "judge-contrary-a")
            #expect(after < before - 0.05)
        }
    }

    @Test("the best prompt of a shipped task is far better than its first one", arguments: ApprenticeTask.shipped)
    func room(task: ApprenticeTask) {
        let truth = TrueQuality(task: task, rubric: task.draftedRubric)
        let best = task.firstPrompt + "\n" + task.allInstructions.joined(separator: "\n")
        let inputs = task.inputs(40, seed: 1)
        func mean(_ prompt: String) -> Double {
            truth.mean(
                over: inputs.map {
                    TrueQuality.Question(message: prompt.replacing(/\{\{\w+\}\}/, with: $0.text), input: $0.text)
                })
        }
        #expect(mean(task.firstPrompt) < 0.5)
        #expect(mean(best) > 0.85)
    }
}
