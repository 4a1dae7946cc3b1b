package import EdisonCore
import Foundation

/// One recorded exchange of `Tests/Fixtures/wire`: a request as a real client library sent it, and the answer that
/// the library accepted.
package struct WireCapture: Sendable, CustomStringConvertible {
    /// `openai/chat-basic`: the folder and the step.
    package let id: String
    package let method: String
    package let target: String
    /// null when the request had no body.
    package let requestBody: JSONValue
    package let status: Int
    package let responseHeaders: [(String, String)]
    package let responseBody: [UInt8]
    private let requestHeaders: [(String, String)]

    package var description: String { id }

    /// The first request header of that name, in any case.
    package func requestHeader(_ name: String) -> String? {
        requestHeaders.first { $0.0.lowercased() == name.lowercased() }?.1
    }

    package init(_ id: String) throws {
        guard let capture = try Self.all().first(where: { $0.id == id }) else {
            throw EdisonError(.notFound, "There is no capture \"\(id)\".")
        }
        self = capture
    }

    package static func all() throws -> [WireCapture] {
        let manifest = try JSONValue(parsing: content("manifest.json"))
        return try (manifest["entries"]?.array ?? []).map { try WireCapture($0) }
    }

    private init(_ entry: JSONValue) throws {
        id = entry["id"]?.string ?? ""
        let request = entry["request"]
        method = request?["method"]?.string ?? ""
        target = request?["target"]?.string ?? ""
        requestHeaders = (request?["headers"]?.array ?? []).map { ($0[0]?.string ?? "", $0[1]?.string ?? "") }
        requestBody = try request?["body_file"]?.string.map { try JSONValue(parsing: Self.content($0)) } ?? .null
        let response = entry["response"]
        status = response?["status"]?.int ?? 0
        let type = response?["content_type"]?.string.map { [("content-type", $0)] } ?? []
        responseHeaders = type + (response?["headers"]?.object ?? [:]).map { ($0.key, $0.value.string ?? "") }
        responseBody = try response?["body_file"]?.string.map(Self.content) ?? []
    }

    private static func content(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: FixtureFile.root.appendingPathComponent("wire/\(name)")))
    }

    /// The recorded answer, as a server plays it.
    package var reply: WireServer.Reply {
        WireServer.Reply(status: status, headers: responseHeaders, chunks: [responseBody])
    }
}
