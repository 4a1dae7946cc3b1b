/// The numbers of the refinement loop; each is a key of the experiment file. Why these values: `docs/concepts/loop.md`.
package struct LoopSettings: Hashable, Sendable {
    package enum Mode: String, Sendable, CaseIterable {
        /// Every version on every search case with every judge.
        case full
        /// Candidates race their parent on few cases with one judge, more only where it is close.
        case racing
    }

    /// nil = full for `every-step`, else racing.
    package var mode: Mode?
    /// Cases of evidence that the refiner's material is drawn from, and how many new ones each round adds.
    package var evidenceCases = 4
    package var newEvidenceCases = 2
    /// How many of the worst are shown.
    package var shownFailures = 8
    package var shownSuccesses = 2
    /// The most that the shown failures may take of the refiner's request, in tokens of four bytes; the worst is always
    /// there.
    package var evidenceTokens = 12_000
    /// Proposals asked for in parallel.
    package var proposals = 2
    package var race = RaceSettings()
    /// A change may not exceed the larger of the two: share of the old text, and Unicode scalars.
    package var editShare = 0.15
    package var editFloor = 280
    /// How often a rejected edit may be tried.
    package var tries = 3
    /// Alternates kept beside the incumbent, and how often one of them is the parent.
    package var poolSize = 4
    package var alternateShare = 0.2
    package var alternatesAfterStalls = 3
    package var restartAfterStalls = 5
    /// Cases on which the other models look at an accepted version, and the mean at which they veto it.
    package var vetoCases = 4
    package var vetoBelow = -0.10
    /// At and above this mean on at least `ceilingCases` cases nothing is left to mend.
    package var ceiling = 0.97
    package var ceilingCases = 20
    /// Failed calls among the last `errorWindow` that end a run.
    package var errorShare = 0.2
    package var errorWindow = 50
    /// Calls under way at once.
    package var concurrency = 8
    package var replicates = 1
    /// Under this agreement of the judges the whole ensemble judges every race.
    package var agreementAlarm = 0.6
    /// Share of the places of a race that all judges judge, whoever decides it.
    package var auditShare = 0.1
    /// How many accepted versions enter the comparison at the end, and on how many held-out cases all but the best of
    /// them are dropped. More than one divides the level of the test.
    package var finalists = 1
    package var finalistCases = 10
    package var frozenRegions: [String] = []
    package var maxLength: Int?

    package init() {}
}

/// The rule of one race; source of the values: simulation, see `docs/loop-quality.md`.
package struct RaceSettings: Hashable, Sendable {
    package var firstLook = 3
    package var step = 1
    package var maxCases = 10
    package var acceptAbove = 1.0
    package var rejectBelow = -0.5
    package var acceptAtEndAbove = 0.02
    /// The prior standard deviation of a difference, and the number of cases that it counts for.
    package var priorDeviation = 0.2
    package var priorWeight = 4.0
    /// From here on an undecided race is judged by the whole ensemble.
    package var escalateAt = 10

    package init() {}
}
