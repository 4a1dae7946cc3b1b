import EdisonCore
import EdisonSQL

/// New ids for all rows of an archive, so that it can be taken twice, and beside what it was exported from.
struct ImportedIDs: Sendable {
    let experiment: Experiment.ID
    let original: String
    private let names: [String: String]

    /// - Throws: `invalid` for rows without an id, and for those that refer to what the archive does not hold: that could
    ///   only be somebody else's.
    init(_ images: [String: [RowImage]]) throws {
        try Self.requireWhole(images)
        original = images["experiment"]?.first?["id"]?.string ?? ""
        let fresh: Experiment.ID = IDSource.random.next()
        experiment = fresh
        var names = [original: fresh.text]
        for (table, rows) in images where table != "experiment" {
            for row in rows {
                guard let old = row["id"]?.string else { continue }
                if table == "iteration", let number = row["number"]?.int {
                    names[old] = IterationID.of(number, in: fresh).text
                } else {
                    names[old] = IDSource.random.next(ImportedIDs.self).text
                }
            }
        }
        self.names = names
    }

    private static func requireWhole(_ images: [String: [RowImage]]) throws {
        var known: [String: Set<String>] = [:]
        var issues: [FieldIssue] = []
        for table in ArchiveStore.tables {
            let rows = images[table.name] ?? []
            if ["prompt", "dataset", "experiment"].contains(table.name), rows.count != 1 {
                issues.append(FieldIssue(path: "\(table.name).jsonl", message: "must have one line"))
            }
            if table.columns.contains("id") {
                let ids = rows.compactMap { $0["id"]?.string }
                known[table.name] = Set(ids)
                if ids.count != rows.count || Set(ids).count != ids.count {
                    issues.append(
                        FieldIssue(path: "\(table.name).jsonl", message: "must have an id of its own in each line"))
                }
            }
        }
        for table in ArchiveStore.tables {
            for (index, row) in (images[table.name] ?? []).enumerated() {
                for (column, other) in table.references.sorted(by: { $0.key < $1.key }) {
                    guard let value = row[column], !value.isNull else { continue }
                    if let id = value.string, known[other]?.contains(id) == true { continue }
                    issues.append(
                        FieldIssue(
                            path: "\(table.name).jsonl[\(index)].\(column)", message: "names no line of \(other).jsonl")
                    )
                }
            }
        }
        guard issues.isEmpty else {
            throw EdisonError(
                .invalid, "The archive's rows do not fit together.", detail: "Export it anew.",
                issues: Array(issues.prefix(20)))
        }
    }

    func renamed(_ image: RowImage, table: String, project: ProjectID) -> RowImage {
        var image = image
        let documents = ArchiveStore.tables.first { $0.name == table }?.documents ?? []
        for (column, value) in image.members {
            guard let text = value.string else { continue }
            if documents.contains(column) {
                if let json = try? JSONValue(parsing: text) { image[column] = .string(renamed(json).text()) }
            } else if let name = names[text] {
                image[column] = .string(name)
            }
        }
        if ["prompt", "dataset", "experiment"].contains(table) { image["project_id"] = .string(project.text) }
        guard table == "experiment" else { return image }
        // The same file run here must not find it as its own.
        image["identity"] = .string(ContentHash(of: "imported \(experiment)").text)
        let status = ExperimentStatus(rawValue: image["status"]?.string ?? "")
        if status != .completed, status != .failed, status != .archived { image["status"] = "cancelled" }
        return image
    }

    private func renamed(_ json: JSONValue) -> JSONValue {
        switch json {
        case .string(let text): .string(names[text] ?? text)
        case .array(let items): .array(items.map(renamed))
        case .object(let object):
            .object(JSONObject(object.members.map { (names[$0.key] ?? $0.key, renamed($0.value)) }))
        default: json
        }
    }
}
