import EdisonCore
import EdisonTestKit
import Testing

extension OracleCase {
    /// The closure gives the differences.
    func check(sourceLocation: SourceLocation = #_sourceLocation, differences: (FixtureCase) throws -> [String]) {
        let faults = faults(differences: differences)
        #expect(faults.isEmpty, "\(faults)", sourceLocation: sourceLocation)
    }
}

extension OracleCase {
    /// The cases that a further check is about; a file that cannot be read stays, to be reported.
    static func all(_ name: String, in folder: String, where isMeant: (FixtureCase) -> Bool) -> [OracleCase] {
        all(name, in: folder).filter { oracle in
            if case .fixture(let fixture) = oracle { isMeant(fixture) } else { true }
        }
    }
}

/// The suites' condition: see ``OracleCase/isProvided(_:in:)``.
func provided(_ name: String, in folder: String) -> ConditionTrait {
    .enabled(if: OracleCase.isProvided(name, in: folder), "\(folder)/\(name).json is not among the named fixtures")
}
