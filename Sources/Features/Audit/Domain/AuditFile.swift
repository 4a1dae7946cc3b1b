import EdisonCore

/// The forms in which the log is taken elsewhere.
enum AuditFile: String, Sendable, CaseIterable {
    case ndjson, csv

    var mediaType: String {
        switch self {
        case .ndjson: "application/x-ndjson"
        case .csv: "text/csv; charset=utf-8"
        }
    }

    /// nil: this form has none.
    var head: String? {
        switch self {
        case .ndjson: nil
        case .csv: Self.line(Self.columns)
        }
    }

    private static let columns = [
        "id", "created_at", "user_id", "user_name", "key_id", "project_id", "action", "entity_type", "entity_id",
        "changes", "metadata", "request_id",
    ]

    /// - Parameter json: the entry as the API answers it.
    func line(_ json: JSONValue) -> String {
        switch self {
        case .ndjson: json.text() + "\n"
        case .csv:
            Self.line(
                Self.columns.map { column in
                    guard let value = json[column], !value.isNull else { return "" }
                    return value.string ?? value.text()
                })
        }
    }

    private static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe.
    static func cell(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let plain = isFormula ? "'\(text)" : text
        guard plain.contains(where: { ",\"\n\r\r\n".contains($0) }) else { return plain }
        return "\"\(plain.replacing("\"", with: "\"\""))\""
    }
}
