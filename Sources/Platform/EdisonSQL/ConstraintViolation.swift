package import EdisonCore

/// Which rule of the schema a statement broke: the cause of the `EdisonError` that both databases give for it.
package struct ConstraintViolation: Error, Sendable {
    package enum Rule: String, Sendable { case unique, reference, required, check }

    package let rule: Rule
    /// The database's own words, which name the table and column: for the log.
    package let reason: String

    /// Duplicates and broken references come from what others stored meanwhile; the rest is a fault of the program.
    var error: EdisonError {
        switch rule {
        case .unique: EdisonError(.conflict, "This exists already.", underlying: self)
        case .reference:
            EdisonError(
                .conflict, "This refers to something that does not exist, or something else still refers to it.",
                underlying: self)
        case .required, .check: EdisonError(.internal, "The database refuses this value: \(reason)", underlying: self)
        }
    }
}

extension EdisonError {
    /// The rule of the schema that was broken, when that is what happened.
    package var brokenRule: ConstraintViolation.Rule? { (underlying as? ConstraintViolation)?.rule }
}

extension EdisonError {
    /// A fault of the program, told alike on both databases.
    static func writeInsideRead(underlying: any Error) -> EdisonError {
        EdisonError(.internal, "A read cannot change the database; use write.", underlying: underlying)
    }
}
