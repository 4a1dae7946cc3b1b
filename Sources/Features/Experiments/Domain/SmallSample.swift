package import EdisonCore

/// How much an interval on few cases is worth, so that everyone who shows one says the same. The figures behind it are
/// those of `docs/statistics.md`.
package enum SmallSample {
    /// With fewer cases an interval spans more than half of the scale, and none is shown.
    package static let fewestForInterval = 4
    /// With fewer a sample often holds no failure of those that one case in ten has, and its interval cannot know of them.
    package static let fewestForRareFailures = 20
    /// The same for labels by people and rare large losses.
    package static let labelsForRareLosses = 30

    package static let tooFew = "too few cases"
    package static let missesRareFailures =
        "On fewer than \(fewestForRareFailures) cases an interval may miss rare failures."
    package static let eachForItself = "Each interval is for its variant alone; the verdicts allow for their number."
    package static let missesRareLosses =
        "On fewer than \(labelsForRareLosses) labelled cases the interval may be too narrow where large losses are rare."

    /// Whether an estimate of a result rests on too few cases for an interval; false where it does not say.
    package static func isTooFew(_ estimate: JSONValue?) -> Bool { cases(estimate) < fewestForInterval }

    /// Whether its interval may miss rare failures.
    package static func isThin(_ estimate: JSONValue?) -> Bool { cases(estimate) < fewestForRareFailures }

    private static func cases(_ estimate: JSONValue?) -> Int { estimate?["cases"]?.int ?? .max }
}
