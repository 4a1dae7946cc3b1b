import EdisonCore
import EdisonExperiments
import EdisonLLM

/// Finds the server's credentials for the providers of a file: by the label, or the only one of that kind.
struct ServerCredentials {
    let client: ServerClient

    func ids(for file: ExperimentFile) async throws -> [String: String] {
        let known = try await client.all("/projects/\(client.project)/credentials").filter {
            $0["is_active"]?.bool == true
        }
        var ids: [String: String] = [:]
        var issues: [FieldIssue] = []
        for (name, endpoint) in ExperimentUpload.providers(of: file) {
            let kind = endpoint.kind.name
            if ["command", "http"].contains(kind) {
                issues.append(
                    FieldIssue(path: name, message: "is a \(kind) provider, which runs beside its file only"))
                continue
            }
            let alike = known.filter { $0["provider"]?.string == kind }
            let found = alike.first { $0["label"]?.string == name } ?? (alike.count == 1 ? alike.first : nil)
            if let id = found?["id"]?.string { ids[name] = id } else { issues.append(Self.missing(name, kind, alike)) }
        }
        guard issues.isEmpty else {
            throw EdisonError(
                .invalid, "The server lacks credentials for the file's providers.",
                detail: "Somebody with the role admin makes one: POST /api/v1/projects/\(client.project)/credentials",
                issues: issues)
        }
        return ids
    }

    private static func missing(_ name: String, _ kind: String, _ alike: [JSONValue]) -> FieldIssue {
        let labels = alike.compactMap { $0["label"]?.string }.joined(separator: ", ")
        return FieldIssue(
            path: name,
            message: alike.isEmpty
                ? "there is no active \(kind) credential" : "no \(kind) credential has this label; there are \(labels)")
    }
}
