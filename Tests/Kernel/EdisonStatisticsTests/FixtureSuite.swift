import EdisonCore
import EdisonTestKit
import Testing

/// Runs an adapter over the cases of one oracle file.
enum FixtureSuite {
    static func cases(_ name: String) -> [OracleCase] { OracleCase.all(name) }

    static func check(_ oracle: OracleCase, _ compute: (JSONValue) throws -> JSONValue) throws {
        let faults = oracle.faults(of: compute)
        #expect(faults.isEmpty, "\(faults)")
    }
}
