import EdisonCore
import EdisonDatasets

/// On which cases the test at the end is made.
package enum ConfirmationSplit: String, Sendable, CaseIterable {
    case holdout
    /// What the run before kept unseen; its hold-out, which has decided once, joins the search.
    case reserve
}

extension [TestCase.ID: Split] {
    /// The splits of a run that confirms on what the run before it kept unseen.
    func confirming(on confirmation: ConfirmationSplit) throws(EdisonError) -> [TestCase.ID: Split] {
        guard confirmation == .reserve else { return self }
        guard values.contains(.reserve) else {
            throw EdisonError(
                .invalid, "There is no reserve to confirm on.",
                detail: "Set reserve: to the share that the run before kept unseen, with the same cases and seed.")
        }
        return mapValues { $0 == .reserve ? .holdout : .search }
    }
}
