import EdisonCore
import EdisonEvaluation

/// What happens in a run, in order, for whoever watches it: the terminal, a page, a log.
package enum RunEvent: Sendable {
    /// Another process leads the same run; this one takes part in it.
    case joining
    /// This process could not do a part of the run, and leaves it to the others.
    case leftOut(String)
    /// A model writes what the file leaves open.
    case drafting(model: String)
    case started(SplitCounts, resumed: Bool)
    /// Earlier runs were tested on the same held-out cases.
    case wornHoldout(tests: Int, isReserveUnseen: Bool)
    /// The incumbent's standing on the search cases at the beginning of an iteration.
    case scored(iteration: Int, version: Int, Estimate)
    case proposed(iteration: Int, candidates: Int, refused: [String])
    /// A look of a race: the mean difference so far.
    case raced(iteration: Int, version: Int, mean: Double, cases: Int)
    case decided(iteration: Int, LoopVersion, parent: Int)
    /// Somebody else was quicker with a decision, so that the one given here does not count.
    case decidedElsewhere(version: Int)
    case summarised(iteration: Int, headline: String)
    /// - Parameter isKeptForTest: the search ends before the limit, so that the rest pays for the test.
    case stopping(StopReason, isKeptForTest: Bool)
    case confirming(cases: Int)
    case confirmed(HoldoutResult)

    package struct SplitCounts: Hashable, Sendable {
        package let search: Int
        package let holdout: Int
        package let reserve: Int
        /// The held-out cases are the reserve of a run before.
        package var isReserveTested = false
        /// All cases are scored, none is kept aside.
        package var isEvaluation = false
        /// So many iterations were made before the run was interrupted, and are gone through again without a call.
        package var storedIterations = 0
    }
}

extension RunEvent {
    /// The iteration that it tells of; nil when it is none.
    package var iteration: Int? {
        switch self {
        case .scored(let iteration, _, _), .proposed(let iteration, _, _), .raced(let iteration, _, _, _),
            .decided(let iteration, _, _), .summarised(let iteration, _):
            iteration
        default: nil
        }
    }
}

/// A mean with its 95 % interval; how it was made is part of it.
package struct Estimate: Hashable, Sendable {
    package let mean: Double
    /// nil where the data do not allow one.
    package let interval: ClosedRange<Double>?
    package let cases: Int
    package let method: String

    package init(mean: Double, interval: ClosedRange<Double>?, cases: Int, method: String) {
        self.mean = mean
        self.interval = interval
        self.cases = cases
        self.method = method
    }
}
