import EdisonCore
import EdisonTestKit
import Testing

extension OracleCase {
    /// Runs the adapter and compares all that the case expects.
    func check(sourceLocation: SourceLocation = #_sourceLocation, _ adapter: (OracleInput) throws -> JSONValue) {
        let faults = faults { input in try adapter(OracleInput(input)) }
        #expect(faults.isEmpty, "\(faults)", sourceLocation: sourceLocation)
    }

    /// For files with their own way of comparing: the closure gives the differences.
    func check(sourceLocation: SourceLocation = #_sourceLocation, differences: (FixtureCase) throws -> [String]) {
        let faults = faults(differences: differences)
        #expect(faults.isEmpty, "\(faults)", sourceLocation: sourceLocation)
    }

    var fixture: FixtureCase? {
        if case .fixture(let fixture) = self { fixture } else { nil }
    }
}

/// The suites' condition: see ``OracleCase/isProvided(_:in:)``.
func provided(_ name: String) -> ConditionTrait {
    .enabled(if: OracleCase.isProvided(name), "\(name).json is not among the named fixtures")
}
