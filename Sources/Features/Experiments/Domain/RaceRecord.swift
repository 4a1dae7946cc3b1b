package import EdisonCore
package import EdisonDatasets
package import EdisonPrompts

/// What decided on a candidate: against whom, by whose scores, and the paired difference of each case.
package struct RaceRecord: Hashable, Sendable {
    package struct Difference: Hashable, Sendable {
        package let testCase: TestCase.ID
        package let replicate: Int
        /// The candidate's score minus its opponent's, on 0 to 1.
        package let value: Double

        package init(testCase: TestCase.ID, replicate: Int, value: Double) {
            self.testCase = testCase
            self.replicate = replicate
            self.value = value
        }
    }

    package let opponent: PromptVersion.ID
    /// More opponents: then the difference is to the mean of all.
    package let others: [PromptVersion.ID]
    /// The pointwise judges whose scores counted; empty where checks alone decide.
    package let judges: [String]
    package let models: [String]
    package let differences: [Difference]

    package init(
        opponent: PromptVersion.ID, others: [PromptVersion.ID] = [], judges: [String], models: [String],
        differences: [Difference]
    ) {
        self.opponent = opponent
        self.others = others
        self.judges = judges
        self.models = models
        self.differences = differences
    }

    /// The difference of each case, replicates averaged, in race order.
    package var caseMeans: [Double] {
        var order: [TestCase.ID] = []
        var values: [TestCase.ID: [Double]] = [:]
        for difference in differences {
            if values[difference.testCase] == nil { order.append(difference.testCase) }
            values[difference.testCase, default: []].append(difference.value)
        }
        return order.compactMap { values[$0] }.map { $0.reduce(0, +) / Double($0.count) }
    }

    package var json: JSONObject {
        var object: JSONObject = [
            "against_version_id": .string(opponent.text), "judges": .array(judges.map { .string($0) }),
            "models": .array(models.map { .string($0) }),
            "differences": .array(
                differences.map {
                    [
                        "case_id": .string($0.testCase.text), "replicate": .integer(Int64($0.replicate)),
                        "difference": .number($0.value),
                    ]
                }),
        ]
        if !others.isEmpty { object["and_version_ids"] = .array(others.map { .string($0.text) }) }
        return object
    }
}
