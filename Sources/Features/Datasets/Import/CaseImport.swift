package import EdisonCore
import Foundation

/// Reads cases from JSONL, JSON and CSV: what can be read is read, the rest is reported row by row.
package enum CaseImport {
    package enum Format: String, Sendable, CaseIterable {
        case jsonl, json, csv

        /// By the file's ending; anything else is taken for JSONL.
        package init(path: String) {
            let ending = path.lowercased().split(separator: ".").last.map(String.init) ?? ""
            self = ending == "csv" ? .csv : ending == "json" ? .json : .jsonl
        }
    }

    package struct Imported: Sendable {
        package var cases: [TestCase] = []
        package var rejected: [(row: Int, message: String)] = []
    }

    /// The longest input of one case, in bytes; longer ones would cost more than they tell.
    package static let maxInputBytes = 1 << 20

    /// - Parameter mapping: column or member → `input.NAME`, `expected`, `tags`, `difficulty`, `language`, `cluster`,
    ///   `checks`, `kind`, `confirmed`.
    package static func read(
        _ text: String, format: Format, kind: DatasetKind, mapping: [String: String] = [:]
    ) throws -> Imported {
        switch format {
        case .jsonl: lines(text, kind, mapping)
        case .json: try document(text, kind, mapping)
        case .csv: try table(text, kind, mapping)
        }
    }

    private static func lines(_ text: String, _ kind: DatasetKind, _ mapping: [String: String]) -> Imported {
        var imported = Imported()
        var row = 0
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            row += 1
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            do {
                imported.cases.append(try testCase(mapped(try JSONValue(parsing: Array(line)), mapping), kind: kind))
            } catch { imported.rejected.append((row, "\(error)")) }
        }
        return imported
    }

    private static func document(_ text: String, _ kind: DatasetKind, _ mapping: [String: String]) throws -> Imported {
        let value: JSONValue
        do { value = try JSONValue(parsing: text) } catch { throw EdisonError(.invalid, "Not JSON: \(error).") }
        guard let rows = value.array ?? value["cases"]?.array else {
            throw EdisonError(.invalid, "The JSON must be a list of cases, or an object with \"cases\".")
        }
        var imported = Imported()
        for (index, row) in rows.enumerated() {
            do { imported.cases.append(try testCase(mapped(row, mapping), kind: kind)) } catch {
                imported.rejected.append((index + 1, "\(error)"))
            }
        }
        return imported
    }

    private static func table(_ text: String, _ kind: DatasetKind, _ mapping: [String: String]) throws -> Imported {
        var imported = Imported()
        let rows = CSV.rows(text)
        guard let header = rows.first else { return imported }
        if let fault = header.fault { throw EdisonError(.invalid, "The CSV's header cannot be read: \(fault).") }
        let names = header.fields.map { $0.trimmingCharacters(in: .whitespaces) }
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw EdisonError(.invalid, "The CSV's header names \"\(twice)\" twice.")
        }
        for row in rows.dropFirst() {
            if let fault = row.fault {
                imported.rejected.append((row.line, fault))
                continue
            }
            if row.fields.count != names.count {
                imported.rejected.append((row.line, "has \(row.fields.count) fields, the header has \(names.count)"))
                continue
            }
            do {
                imported.cases.append(try testCase(fromRow: Array(zip(names, row.fields)), kind, mapping))
            } catch { imported.rejected.append((row.line, "\(error)")) }
        }
        return imported
    }

    /// Columns of a table: the known names keep their meaning, every other column is a field of the input.
    private static func testCase(
        fromRow row: [(String, String)], _ kind: DatasetKind, _ mapping: [String: String]
    ) throws -> TestCase {
        var object = JSONObject()
        var input = JSONObject()
        for (name, text) in row {
            let target = mapping[name] ?? (columns.contains(name) ? name : "input.\(name)")
            if target.hasPrefix("input.") {
                input[String(target.dropFirst(6))] = .string(text)
            } else if target == "input" {
                input = (try? JSONValue(parsing: text))?.object ?? ["input": .string(text)]
            } else if !text.isEmpty {
                object[target] = cell(text, target)
            }
        }
        object["input"] = .object(input)
        return try testCase(.object(object), kind: kind)
    }

    /// The keys of a case that mean something; others are the author's own.
    package static let known = [
        "input", "expected", "tags", "difficulty", "language", "cluster", "checks", "kind", "confirmed",
    ]

    /// Those that a column of a table means by its name alone: the others are too ordinary for that.
    private static let columns = known.filter { $0 != "kind" && $0 != "confirmed" }

    private static func cell(_ text: String, _ target: String) -> JSONValue {
        switch target {
        case "tags":
            .array(
                text.split { $0 == ";" || $0 == "|" || $0 == "," }
                    .map { .string($0.trimmingCharacters(in: .whitespaces)) })
        case "difficulty": Int(text).map { .integer(Int64($0)) } ?? .string(text)
        case "checks", "confirmed": (try? JSONValue(parsing: text)) ?? .string(text)
        default: .string(text)
        }
    }

    private static func mapped(_ value: JSONValue, _ mapping: [String: String]) -> JSONValue {
        guard !mapping.isEmpty, let object = value.object else { return value }
        var result = JSONObject()
        var input = JSONObject()
        for (key, member) in object {
            let target = mapping[key] ?? key
            if target.hasPrefix("input.") {
                input[String(target.dropFirst(6))] = member
            } else {
                result[target] = member
            }
        }
        if !input.isEmpty { result["input"] = .object(input) }
        return .object(result)
    }

    /// One case from its JSON: `{input, expected?, tags?, difficulty?, language?, cluster?, checks?, kind?, confirmed?}`.
    /// An input that is no object becomes the field `input`. A kind of its own stands above that of the dataset; another
    /// word there is the author's own.
    package static func testCase(_ json: JSONValue, kind: DatasetKind) throws -> TestCase {
        guard json.object != nil else { throw CaseFault("a case must be an object, not \(json.kind)") }
        guard let given = json["input"], !given.isNull else { throw CaseFault("the case has no \"input\"") }
        let input = given.object ?? ["input": given]
        if input.isEmpty { throw CaseFault("the input is empty") }
        let size = JSONValue.object(input).text().utf8.count
        if size > maxInputBytes {
            throw CaseFault("the input has \(size / 1024) KiB; at most \(maxInputBytes / 1024) KiB are allowed")
        }
        let difficulty = json["difficulty"].flatMap { $0.isNull ? .none : $0 }
        if let difficulty, !(1...5).contains(difficulty.int ?? 0) {
            throw CaseFault("difficulty must be a whole number from 1 to 5")
        }
        if let tags = json["tags"], !tags.isNull, tags.array?.allSatisfy({ $0.string != nil }) != true {
            throw CaseFault("tags must be a list of words")
        }
        let confirmed = json["confirmed"].flatMap { $0.isNull ? .none : $0 }
        if let confirmed, confirmed.bool == nil { throw CaseFault("confirmed must be true or false") }
        let expected = json["expected"].flatMap { $0.isNull ? .none : $0 }
        return TestCase(
            id: IDSource.random.next(), input: input, expected: expected,
            tags: (json["tags"]?.array ?? []).compactMap(\.string), difficulty: difficulty?.int ?? 3,
            language: json["language"]?.string,
            cluster: json["cluster"].flatMap { $0.string ?? $0.int.map(String.init) },
            checks: json["checks"].flatMap { $0.array ?? ($0.isNull ? nil : [$0]) } ?? [],
            kind: json["kind"]?.string.flatMap(DatasetKind.init(rawValue:)) ?? kind,
            isConfirmed: confirmed?.bool ?? true)
    }
}

/// Why a row is no case.
struct CaseFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
