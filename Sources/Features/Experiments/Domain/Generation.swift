package import EdisonCore
package import EdisonDatasets
package import EdisonPrompts

/// What an attempt to find harder cases brought, complete or as far as it came.
package struct Generation: Sendable {
    /// How it ended.
    package enum End: Sendable {
        /// As many as were asked for are kept.
        case reached
        /// Ten in a row were rejected.
        case exhausted
        /// The person's own limit, of money, calls, tokens or time.
        case limit(StopReason)
        case cancelled
        case failed(EdisonError)
    }

    /// Cells of the map that one call to the generator names.
    static let cellsPerRound = 4
    /// So many rejections without a kept case, and there is nothing more to find.
    static let mostRejectedInARow = 10

    package let asked: Int
    package let version: PromptVersion
    /// The run whose best version was tried; nil = the prompt of the file.
    package let run: Experiment.ID?
    package var kept: [GeneratedCase] = []
    package var rejected: [CaseVerdict.Rejection: Int] = [:]
    package var end = End.reached
    /// The prompt on known cases; nil until they were scored.
    package var known: Estimate?
    package var bar: FailureBar?

    package init(asked: Int, version: PromptVersion, run: Experiment.ID?) {
        self.asked = asked
        self.version = version
        self.run = run
    }

    package var rejectedCount: Int { rejected.values.reduce(0, +) }

    /// The scores of the second answers: the first ones chose the cases, and are lucky for them.
    package var secondScores: [Double] { kept.compactMap(\.secondScore) }

    /// How many really lower the prompt's score: a second answer, too, is below the mean on known cases.
    package var lowered: Int { bar.map { bar in secondScores.count { $0 < bar.mean } } ?? 0 }
}

/// A case that a model wrote and the keep rule let through, with what the prompt made of it.
package struct GeneratedCase: Sendable {
    package var testCase: TestCase
    package let reason: CaseVerdict.Reason
    /// The cells that it lies in.
    package let cells: [CoverageCell]
    package let failure: String?
    package let score: Double
    /// Of another answer to the same case, which had no part in choosing it; nil = there is none.
    package var secondScore: Double?
    package let output: String
    /// Why a judge thinks that the answer fails; empty where none said.
    package let rationale: String
    package var decision = Decision.open

    /// What a person said of it.
    package enum Decision: String, Sendable, CaseIterable { case open, kept, edited, dropped }

    package init(
        testCase: TestCase, reason: CaseVerdict.Reason, cells: [CoverageCell], failure: String?, score: Double,
        output: String, rationale: String
    ) {
        self.testCase = testCase
        self.reason = reason
        self.cells = cells
        self.failure = failure
        self.score = score
        self.output = output
        self.rationale = rationale
    }
}
