/// What happens while harder cases are looked for, for whoever watches it.
package enum GenerationEvent: Sendable {
    /// Another process looks for cases of the same prompt; this one waits for it.
    case waitingForOther
    /// The prompt is run on known cases, to know what is usual.
    case measuring(cases: Int)
    case measured(Estimate, bar: FailureBar)
    case kept(GeneratedCase, count: Int, of: Int)
    case rejected(CaseVerdict.Rejection, inARow: Int)
}
