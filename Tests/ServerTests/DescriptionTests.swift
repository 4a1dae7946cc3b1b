import EdisonCore
import EdisonWeb
import Foundation
import HTTPTypes
import Testing

@testable import EdisonServer

@Suite("The API's description and its other spellings", .timeLimit(.minutes(2)))
struct DescriptionTests {
    @Test("the table of other spellings in the reference is the program's")
    func table() throws {
        let page = try String(
            contentsOf: Self.file.deletingLastPathComponent().appending(path: "http-api.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.contains("` | `") }.map(String.init)
        let prefixes = Aliases.prefixes.map { alias in
            "| `/\(alias.prefix.joined(separator: "/"))/…` | `/\(alias.canonical.joined(separator: "/"))/…` |"
        }
        let paths = Aliases.paths.flatMap { alias in
            alias.methods.map { "| `\($0.rawValue) \(alias.path)` | `\($0.rawValue) \(alias.canonical)` |" }
        }
        #expect(rows == prefixes + paths)
    }

    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/reference/openapi.json")

    @Test("docs/reference/openapi.json is what the program says")
    func fresh() async throws {
        let document = try await Server.document()
        #expect(document.conflicts == [], "give one of the shapes of these names another name")
        let stored = try String(contentsOf: Self.file, encoding: .utf8)
        #expect(
            stored == document.json.text(.pretty) + "\n",
            "it is stale; renew it by: edison openapi > docs/reference/openapi.json")
    }

    @Test("every reference in the document leads somewhere, and every operation has words")
    func complete() async throws {
        let json = try await Server.document().json
        for reference in Self.references(in: json) {
            let place = reference.split(separator: "/").dropFirst().reduce(json) { $0[String($1)] ?? .null }
            #expect(!place.isNull, "\(reference)")
        }
        for (path, operations) in json["paths"]?.object ?? [:] {
            for (method, operation) in operations.object ?? [:] {
                #expect(operation["summary"]?.string?.hasSuffix(".") == true, "\(method) \(path) needs a sentence")
            }
        }
    }

    private static func references(in json: JSONValue) -> [String] {
        switch json {
        case .array(let items): items.flatMap(references)
        case .object(let object):
            object.flatMap { $0.key == "$ref" ? [$0.value.string ?? ""] : references(in: $0.value) }
        default: []
        }
    }

    @Test("every alias answers as the route that it stands for")
    func aliases() async throws {
        try await RunningServer.with { server in
            let known = Dictionary(grouping: server.routes.endpoints, by: \.path.text)
            var pairs: [(endpoint: Endpoint, path: PathTemplate)] = []
            for alias in Aliases.paths {
                let endpoints = (known[alias.canonical.text] ?? []).filter { alias.methods.contains($0.method) }
                #expect(endpoints.count == alias.methods.count, "\(alias.path) leads nowhere")
                pairs += endpoints.map { ($0, alias.path) }
            }
            for endpoint in server.routes.endpoints where endpoint.path.text.hasPrefix("/api/v1/") {
                pairs.append((endpoint, PathTemplate("/api/" + endpoint.path.text.dropFirst("/api/v1/".count))))
            }
            #expect(!pairs.isEmpty)
            for (endpoint, path) in pairs {
                // No endpoint takes this body, so that nothing happens, and the answer shows who was reached.
                let token = Optional("edk_nobody")
                for (token, accept) in [(token, "*/*"), (nil, "application/json")] {
                    var seen: [Int] = []
                    for path in [endpoint.path, path] {
                        let plain = path.text.replacing("{", with: "").replacing("}", with: "")
                        let answer = try await server.ask(
                            endpoint.method, plain, token: token, headers: ["Accept": accept], body: "{\"\":")
                        seen.append(answer.status)
                    }
                    #expect(seen[0] == seen[1] && seen[0] != 404, "\(endpoint.method) \(path): \(seen)")
                }
            }
        }
    }
}
