package import EdisonCore
package import Foundation

/// One file of oracle cases: expectations that independent implementations produced.
///
/// Files are read from `Tests/Fixtures`, or from the folder that `EDISON_FIXTURES` names, with the same layout
/// (`stats/`, `diff/`, `templates/`) and any number of cases.
package struct FixtureFile: Sendable {
    package let name: String
    package let cases: [FixtureCase]

    /// The folder that holds `stats/`, `diff/` and `templates/`.
    package static var root: URL {
        if let named = ProcessInfo.processInfo.environment["EDISON_FIXTURES"], !named.isEmpty {
            return URL(fileURLWithPath: named, isDirectory: true)
        }
        return ownRoot
    }

    /// The folder in this repository, whatever else is named.
    static var ownRoot: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Tests/Fixtures", isDirectory: true)
    }

    /// The names of all files in a folder, without `.json`, sorted.
    package static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    package init(_ name: String, in folder: String) throws {
        let data = try Data(contentsOf: Self.root.appendingPathComponent("\(folder)/\(name).json"))
        let document = try JSONValue(parsing: data)
        let general = FixtureTolerance(document["default_tolerance"]) ?? .exact
        self.name = name
        cases = (document["cases"]?.array ?? []).map {
            FixtureCase($0, folder: folder, file: name, tolerance: general)
        }
    }
}

/// How far a number may be from the expected one: `|got - want| <= max(abs, rel * |want|)`.
package struct FixtureTolerance: Sendable {
    package let rel: Double
    package let abs: Double

    package static let exact = FixtureTolerance(rel: 0, abs: 0)

    package init(rel: Double, abs: Double) {
        self.rel = rel
        self.abs = abs
    }

    package init?(_ json: JSONValue?) {
        guard let json, json.object != nil else { return nil }
        self.init(rel: json["rel"]?.double ?? 0, abs: json["abs"]?.double ?? 0)
    }
}

package struct FixtureCase: Sendable, CustomStringConvertible {
    package let file: String
    package let id: String
    package let input: JSONValue
    package let expected: JSONValue
    package let tags: [String]
    package let tolerance: FixtureTolerance
    /// What of the expectation is replaced by an exact value.
    package let corrections: [FixtureCorrection]
    /// The whole case, for fields that only some files have.
    package let whole: JSONValue

    init(_ json: JSONValue, folder: String, file: String, tolerance: FixtureTolerance) {
        self.file = file
        id = json["id"]?.string ?? "?"
        input = json["input"] ?? .null
        var expected = json["expected"] ?? .null
        var used: [FixtureCorrection] = []
        for correction in FixtureCorrection.all
        where correction.folder == folder && correction.file == file && correction.id == json["id"]?.string {
            guard let corrected = correction.applied(to: expected) else { continue }
            expected = corrected
            used.append(correction)
        }
        self.expected = expected
        corrections = used
        tags = (json["tags"]?.array ?? []).compactMap(\.string)
        self.tolerance = FixtureTolerance(json["tolerance"]) ?? tolerance
        whole = json
    }

    package var description: String { "\(file)/\(id)" }
}
