import EdisonCore
package import EdisonDatasets
package import EdisonEvaluation
package import EdisonPrompts

/// Where a loop stands between two iterations. It is a function of the definition, the seed and the stored answers:
/// going on after a stop computes it again and arrives at the same state.
package struct LoopState: Sendable {
    package var versions: [LoopVersion]
    package var incumbent: PromptVersion.ID
    /// Accepted versions that were not the best of their iteration.
    package var alternates: [PromptVersion.ID] = []
    package var iteration = 0
    /// Iterations in a row without an acceptance.
    package var stalls = 0
    /// Rounds in a row in which nothing that the refiner wrote could be read.
    package var unusable = 0
    /// The race gains of the acceptances, in order.
    package var gains: [Double] = []
    package var ensemble: Ensemble
    /// Whether all judges take part in every race from now on.
    package var escalated = false
    /// The search has ended so that the rest of a limit pays for the test.
    package var isKeptForTest = false
    package var history: [TriedEdit] = []
    package var humanNotes: [String] = []
    /// The cases that each incumbent was measured on, by all judges.
    package var evidence: [PromptVersion.ID: [TestCase]] = [:]
    /// What the incumbent is measured on: grows by some cases in each iteration that it stays.
    package var evidenceCases: [TestCase] = []
    /// Those of them that were picked without a look at scores.
    package var blindEvidence: Set<String> = []
    /// The incumbent that was measured last.
    package var measured: PromptVersion.ID?
    /// Cells of races, with the judges that were asked about them. What is stored may be more when a run goes on, and a
    /// decision must not depend on that.
    package var raced: [Cell: Set<String>] = [:]
    /// Cells of races that all judges judged.
    package var audited: [Cell] = []
    /// What the pairwise judges said so far.
    package var pairwise: [PairwiseRecord] = []

    package init(seed: LoopVersion, ensemble: Ensemble) {
        versions = [seed]
        incumbent = seed.version.id
        self.ensemble = ensemble
    }

    package var first: LoopVersion { versions[0] }

    package subscript(id: PromptVersion.ID) -> LoopVersion {
        get { versions.first { $0.version.id == id } ?? versions[0] }
        set {
            guard let index = versions.firstIndex(where: { $0.version.id == id }) else { return }
            versions[index] = newValue
        }
    }

    /// How often an edit was tried and fell.
    package func tries(of edit: ProposedEdit) -> Int {
        history.count {
            !$0.accepted && $0.edit.target == edit.target && $0.edit.find == edit.find
                && $0.edit.replace == edit.replace
        }
    }
}

/// An edit that was raced, and what came of it: the refiner's history.
package struct TriedEdit: Sendable {
    package let edit: ProposedEdit
    package let accepted: Bool
    package let delta: Double?
    package let reason: String

    package init(edit: ProposedEdit, accepted: Bool, delta: Double?, reason: String) {
        self.edit = edit
        self.accepted = accepted
        self.delta = delta
        self.reason = reason
    }
}
