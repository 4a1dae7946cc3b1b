package import EdisonCore
import Foundation

/// The exact value of an expectation whose oracle rounded more than its own tolerance allows.
///
/// Proven by `Tests/Fixtures/verify_corrections.py`. It stands in only where the file still has the oracle's value, so a
/// mended fixture needs no change here; tolerances stay as they are.
package struct FixtureCorrection: Sendable, CustomStringConvertible {
    package let folder: String
    package let file: String
    package let id: String
    package let path: [JSONValue]
    package let oracle: JSONValue
    package let exact: JSONValue
    package let why: String

    package var description: String {
        "\(file)/\(id) \(path.map { $0.text() }.joined(separator: ".")): the oracle has \(oracle.text()), exact is "
            + "\(exact.text()): \(why)"
    }

    package static let all: [FixtureCorrection] = {
        let url = FixtureFile.ownRoot.appendingPathComponent("corrections.json")
        guard let data = try? Data(contentsOf: url), let document = try? JSONValue(parsing: data) else { return [] }
        return (document["corrections"]?.array ?? []).map { row in
            FixtureCorrection(
                folder: row["folder"]?.string ?? "", file: row["file"]?.string ?? "", id: row["id"]?.string ?? "",
                path: row["path"]?.array ?? [], oracle: row["oracle"] ?? .null, exact: row["exact"] ?? .null,
                why: row["why"]?.string ?? "")
        }
    }()

    /// The expectation with the exact value in place; nil where the oracle's value is not there.
    package func applied(to expected: JSONValue) -> JSONValue? { Self.replaced(expected, path[...], oracle, exact) }

    private static func replaced(
        _ value: JSONValue, _ path: ArraySlice<JSONValue>, _ oracle: JSONValue, _ exact: JSONValue
    ) -> JSONValue? {
        guard let step = path.first else {
            // Not by `? :`, where `nil` would become a JSON null.
            if value.double == oracle.double { return exact }
            return nil
        }
        let rest = path.dropFirst()
        switch value {
        case .object(var object):
            guard let key = step.string, let member = object[key] else { return nil }
            guard let new = replaced(member, rest, oracle, exact) else { return nil }
            object[key] = new
            return .object(object)
        case .array(var elements):
            guard let index = step.double.map(Int.init), elements.indices.contains(index) else { return nil }
            guard let new = replaced(elements[index], rest, oracle, exact) else { return nil }
            elements[index] = new
            return .array(elements)
        default: return nil
        }
    }
}
