import EdisonCore

/// An archive of an experiment, read and checked: every file is what the manifest says, every row is JSON, and what a
/// column holds as a document is one.
struct ImportedExperiment {
    let files: [String: [JSONObject]]

    /// - Parameter documents: by table, the columns that hold JSON.
    init(_ bytes: [UInt8], documents: [String: Set<String>]) throws {
        let archive = try TarArchive(reading: bytes)
        guard let manifest = archive["manifest.json"].flatMap({ try? JSONValue(parsing: $0) }),
            manifest["format"]?.string == "edison-experiment"
        else { throw Self.fault("It holds no manifest of an experiment.") }
        guard manifest["version"]?.int == 1 else {
            throw EdisonError(
                .invalid, "The archive was written by a newer Edison.", detail: "Bring this installation up to date.")
        }
        for entry in manifest["files"]?.array ?? [] {
            guard let name = entry["name"]?.string, let content = archive[name],
                ContentHash(of: content).text == entry["sha256"]?.string
            else { throw Self.fault("\(entry["name"]?.string ?? "A file") is missing or was changed.") }
        }
        var files: [String: [JSONObject]] = [:]
        for (table, columns) in documents {
            let content = archive["\(table).jsonl"] ?? []
            files[table] = try content.split(separator: 0x0A).map { line in
                guard let row = try? JSONValue(parsing: Array(line)), let object = row.object,
                    columns.allSatisfy({ Self.isDocument(object[$0]) })
                else { throw Self.fault("\(table).jsonl holds a row that cannot be read.") }
                return object
            }
        }
        guard files["experiment"]?.count == 1, files["prompt"]?.count == 1, files["dataset"]?.count == 1 else {
            throw Self.fault("It must hold one experiment with its prompt and its cases.")
        }
        self.files = files
    }

    private static func isDocument(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?: true
        case .string(let text)?: (try? JSONValue(parsing: text)) != nil
        default: false
        }
    }

    private static func fault(_ words: String) -> EdisonError {
        EdisonError(.invalid, "The archive cannot be read. \(words)", detail: "Export it anew, and send it unchanged.")
    }
}
