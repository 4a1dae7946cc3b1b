import EdisonCore
import EdisonSQL

/// New ids for all rows of an archive, so that it can be taken twice, and beside what it was exported from.
struct ImportedIDs: Sendable {
    let experiment: Experiment.ID
    let original: String
    private let names: [String: String]

    init(_ images: [String: [RowImage]]) {
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
        if image["project_id"] != nil { image["project_id"] = .string(project.text) }
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
