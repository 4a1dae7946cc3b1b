package import EdisonCore
import Foundation

/// One case of an oracle file, or the reason why the file could not be read: a missing file must not pass as no cases.
package enum OracleCase: Sendable, CustomStringConvertible {
    case fixture(FixtureCase)
    case unreadable(file: String, reason: String)

    package static func all(_ name: String, in folder: String = "stats") -> [OracleCase] {
        do {
            let cases = try FixtureFile(name, in: folder).cases
            return cases.isEmpty ? [.unreadable(file: name, reason: "it holds no cases")] : cases.map(fixture)
        } catch {
            return [.unreadable(file: name, reason: "\(error)")]
        }
    }

    /// False when another folder of fixtures was named and lacks the file: then its suite is skipped by name.
    package static func isProvided(_ name: String, in folder: String = "stats") -> Bool {
        guard let named = ProcessInfo.processInfo.environment["EDISON_FIXTURES"], !named.isEmpty else { return true }
        let path = FixtureFile.root.appendingPathComponent("\(folder)/\(name).json").path
        return FileManager.default.fileExists(atPath: path)
    }

    package var description: String {
        switch self {
        case .fixture(let fixture): fixture.description
        case .unreadable(let file, _): file
        }
    }

    /// What is wrong: what the closure finds, or why it could not run; empty when the case passes.
    package func faults(differences: (FixtureCase) throws -> [String]) -> String {
        switch self {
        case .unreadable(let file, let reason): return "\(file).json cannot be read: \(reason)"
        case .fixture(let fixture):
            do {
                let found = try differences(fixture)
                return found.isEmpty ? "" : "\(fixture): \(found.joined(separator: "; "))"
            } catch {
                return "\(fixture) cannot be run: \(error)"
            }
        }
    }

    /// What differs between the adapter's answer and all that the case expects.
    package func faults(of adapter: (JSONValue) throws -> JSONValue) -> String {
        faults { fixture in
            FixtureComparison.differences(
                got: try adapter(fixture.input), want: fixture.expected, tolerance: fixture.tolerance)
        }
    }
}
