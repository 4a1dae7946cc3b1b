import EdisonCore
import EdisonEvents
import EdisonLLM
import EdisonSQL

/// An experiment as one file, and from one: what it was made of, what it found and what people decided, so that another
/// installation shows the same figures. Keys, addresses and the provider's calls are not in it.
extension HostedExperiments {
    static let archiveFormat = "edison-experiment"

    func archive(of id: Experiment.ID) async throws -> [UInt8] {
        let found = try await experiment(id)
        let archive = ArchiveStore()
        let rows = try await database.read { db -> [(String, [RowImage])] in
            guard let scope = try archive.scope(of: id, in: db) else { throw Self.missing }
            return try ArchiveStore.tables.map { ($0.name, try archive.images(of: $0, scope, in: db)) }
        }
        let totals = try await calls.totals(scope: id.text)
        var files = rows.map { name, images in
            let lines = images.map { JSONValue.object($0.json).text() + "\n" }.joined()
            return TarArchive.Entry(name: "\(name).jsonl", bytes: Array(lines.utf8))
        }
        if let result = found.result { files.append(.init(name: "result.json", bytes: Array(result.text.utf8))) }
        let costs: JSONValue = [
            "cost_usd": totals.cost?.json ?? .null, "costs": totals.costsJSON, "calls": totals.callsJSON,
            "unconfirmed_usd": totals.unconfirmed.json,
        ]
        files.append(.init(name: "costs.json", bytes: Array((costs.text(.pretty) + "\n").utf8)))
        let now = Timestamp.now
        let manifest: JSONValue = [
            "format": .string(Self.archiveFormat), "version": 1, "experiment_id": .string(id.text),
            "name": .string(found.experiment.name), "exported_at": .string(now.rfc3339),
            "files": .array(
                files.map {
                    [
                        "name": .string($0.name), "bytes": JSONValue($0.bytes.count),
                        "sha256": .string(ContentHash(of: $0.bytes).text),
                    ]
                }),
        ]
        files.insert(.init(name: "manifest.json", bytes: Array((manifest.text(.pretty) + "\n").utf8)), at: 0)
        return TarArchive(files).bytes(modified: now)
    }

    /// Makes an experiment of an archive, under new ids. One that had not ended is cancelled here: its calls stay where
    /// they were paid for.
    func take(_ bytes: [UInt8], in project: ProjectID, by actor: Actor) async throws -> HostedExperiment {
        let documents = Dictionary(uniqueKeysWithValues: ArchiveStore.tables.map { ($0.name, $0.documents) })
        var images = try ImportedExperiment(bytes, documents: documents).files.mapValues {
            $0.map(RowImage.init(json:))
        }
        let ids = try ImportedIDs(images)
        for (table, rows) in images { images[table] = rows.map { ids.renamed($0, table: table, project: project) } }
        let taken = images
        do {
            try await database.write { db in
                for table in ArchiveStore.tables {
                    for image in taken[table.name] ?? [] { try ArchiveStore().insert(image, into: table, in: db) }
                }
                try audit.record(
                    "experiment.imported", of: ("experiment", ids.experiment.text), by: actor,
                    changes: ["from": .string(ids.original)], db)
            }
        } catch let error as EdisonError where error.brokenRule != nil {
            throw EdisonError(
                .invalid, "The archive's rows do not fit together.", detail: "Export it anew.", underlying: error)
        }
        return try await experiment(ids.experiment)
    }
}
