/// Whether a statistic could be computed, and if not, why.
///
/// A number that cannot be computed is absent, never a placeholder such as p = 1 or an interval of width 0: people
/// read placeholders as results. The status beside the empty fields says what is missing.
package enum StatisticStatus: String, Sendable, Hashable, CaseIterable {
    case ok
    /// Too few observations for the method.
    case insufficientData = "insufficient_data"
    /// No variance where the method needs one.
    case degenerate
    /// All ratings equal, so that agreement or order cannot be judged.
    case noVariation = "no_variation"
    /// Not a number, a count above its total, a level outside (0, 1), arms of different length.
    case invalidInput = "invalid_input"
    /// The equation has no root, for example the sample size for an effect of zero.
    case noSolution = "no_solution"
    /// The likelihood has no finite maximum.
    case noFiniteMLE = "no_finite_mle"
    /// Units arrived in an arm that should get none.
    case unexpectedAssignment = "unexpected_assignment"
}
