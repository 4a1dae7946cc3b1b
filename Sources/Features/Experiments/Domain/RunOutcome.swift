package import EdisonCore
package import EdisonPrompts

/// How a run ended.
package struct RunOutcome: Sendable {
    package let state: LoopState
    package let stopReason: StopReason?
    package let holdout: HoldoutResult?
    /// nil when nothing was compared.
    package let verdict: Verdict?
    package let verdictReason: String?
    /// What the run recommends: promoted on the hold-out, or the first version when the test found no gain.
    package let best: PromptVersion.ID
    /// The rows of a comparison of variants.
    package let variants: JSONValue
    /// The search ended before its limit, which would not have paid for another iteration and the test.
    package let isKeptForTest: Bool

    package init(
        state: LoopState, stopReason: StopReason?, holdout: HoldoutResult?, verdict: Verdict?, verdictReason: String?,
        best: PromptVersion.ID, variants: JSONValue = [], isKeptForTest: Bool = false
    ) {
        self.state = state
        self.stopReason = stopReason
        self.holdout = holdout
        self.verdict = verdict
        self.verdictReason = verdictReason
        self.best = best
        self.variants = variants
        self.isKeptForTest = isKeptForTest
    }
}
