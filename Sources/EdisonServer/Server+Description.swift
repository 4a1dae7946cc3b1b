import EdisonCore
import EdisonWeb
import Foundation
import Logging

extension Server {
    /// What `docs/reference/openapi.json` holds.
    package static func describeAPI() async throws -> String { try await document().json.text(.pretty) }

    /// The description of the API without a server: what is opened for it is empty, and gone afterwards.
    static func document() async throws -> OpenAPIDocument {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("edison-openapi-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var settings = ServerSettings()
        settings.database = folder.appendingPathComponent("edison.db").path
        settings.secretKeyFile = folder.appendingPathComponent("secret.key").path
        let server = try await Server(settings, log: Logger(label: "edison") { _ in SwiftLogNoOpLogHandler() })
        let document = OpenAPIDocument(server.routes.endpoints.filter { !$0.isPage })
        await server.close()
        return document
    }
}
