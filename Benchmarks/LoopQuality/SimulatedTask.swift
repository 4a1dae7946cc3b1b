import EdisonCore
import Foundation
import ProviderSimulator

/// A task of the apprentice with cases, a first prompt and what its best prompt is worth.
struct SimulatedTask: Sendable {
    let apprentice: ApprenticeTask
    /// Never looked at while the loop's settings were chosen.
    let isHeldOut: Bool
    /// About six hidden requirements instead of about eleven.
    let isEasier: Bool
    let inputs: [ApprenticeTask.Input]
    let truth: TrueQuality
    /// True qualities of the first prompt, and of the one that states every hidden requirement.
    let first: Double
    let reachable: Double

    var name: String { apprentice.name }

    /// As many search and held-out cases as `loop.md` speaks of: 60 and 40.
    static let cases = 100
    static let holdout = 0.4

    init(_ apprentice: ApprenticeTask, isHeldOut: Bool = false, isEasier: Bool = false) {
        self.apprentice = apprentice
        self.isHeldOut = isHeldOut
        self.isEasier = isEasier
        inputs = apprentice.inputs(Self.cases, seed: 11)
        truth = TrueQuality(task: apprentice, rubric: apprentice.draftedRubric)
        let prompt = apprentice.firstPrompt
        first = Self.quality(of: prompt, truth, inputs)
        reachable = Self.quality(
            of: prompt + "\n" + apprentice.allInstructions.joined(separator: "\n"), truth, inputs)
    }

    /// The mean true quality over all cases, searched or held out.
    func quality(of prompt: String) -> Double { Self.quality(of: prompt, truth, inputs) }

    private static func quality(of prompt: String, _ truth: TrueQuality, _ inputs: [ApprenticeTask.Input]) -> Double {
        let place = prompt.firstRange(of: /\{\{\s*\w+\s*\}\}/)
        return truth.mean(
            over: inputs.map { input in
                var message = prompt
                if let place { message.replaceSubrange(place, with: input.text) }
                return TrueQuality.Question(message: message, input: input.text)
            })
    }

    private var variable: String {
        prompt.firstMatch(of: /\{\{\s*(\w+)\s*\}\}/).map { String($0.output.1) } ?? "input"
    }
    private var prompt: String { apprentice.firstPrompt }

    var caseLines: String {
        inputs.map { input in
            let line: JSONValue = [
                "input": .object([variable: .string(input.text)]), "tags": [.string(input.tag)],
                "difficulty": .integer(Int64(input.difficulty)),
            ]
            return line.text()
        }.joined(separator: "\n") + "\n"
    }

    /// The experiment of one run, in the form of the experiment file.
    func experiment(_ arm: Arm, seed: Int, provider: String, _ settings: JSONObject) -> JSONValue {
        func model(_ name: String) -> JSONValue {
            ["provider": "simulated", "model": .string(name), "price": .object(["input": 0, "output": 0])]
        }
        var file: JSONObject = [
            "name": .string(name), "goal": .string(apprentice.firstObjective), "rubric": apprentice.draftedRubric,
            "prompt": ["text": .string(prompt)],
            "providers": ["simulated": ["provider": "openai-compatible", "base_url": .string(provider)]],
            "models": [model("apprentice")], "judges": .array(arm.judges.map(model)), "refiner": model(arm.refiner),
            "datasets": [["file": .string("\(name).jsonl"), "kind": "synthetic"]],
            "holdout": .number(Self.holdout), "reserve": 0, "review": "automatic", "mode": .string(arm.mode),
            "loop": ["proposals": .integer(Int64(arm.proposals))],
            "stop": ["max_iterations": .integer(Int64(arm.iterations))],
            "seed": .integer(Int64(seed)),
        ]
        for (key, value) in settings { file[key] = value }
        return .object(file)
    }
}
