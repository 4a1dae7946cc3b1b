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
        case .csv: CSVLine.text(Self.columns)
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
            CSVLine.text(
                Self.columns.map { column in
                    guard let value = json[column], !value.isNull else { return "" }
                    return value.string ?? value.text()
                })
        }
    }
}
