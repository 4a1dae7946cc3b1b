import EdisonCore
import HTTPTypes
import Testing

@testable import EdisonWeb

@Suite("The table of routes")
struct RouteTableTests {
    private static func endpoint(_ path: PathTemplate) -> Endpoint {
        .get(path, "Answers.", in: "Probe", .open, .nothing) { _ in }
    }

    private static let table = RouteTable(
        ["/api/v1/things", "/api/v1/things/{id}", "/api/v1/things/new", "/api/v1/things/{id}/parts/{part}", "/page"]
            .map { Self.endpoint(PathTemplate($0)) },
        aliases: [
            PathAlias("/old/{thing}", of: "/api/v1/things/{id}", [.get]),
            PathAlias("/page", of: "/api/v1/things", [.get], isBare: true),
            PathAlias("/bare/{thing}", of: "/api/v1/things/{id}", [.get], isBare: true),
        ], prefixes: [PrefixAlias("/api", of: "/api/v1")])

    private func found(_ path: String, asksForJSON: Bool = true) -> (path: String, values: [String: String])? {
        let segments = path.split(separator: "/").map(String.init)
        guard case .endpoint(let endpoint, let values) = Self.table.find(.get, segments, asksForJSON: asksForJSON)
        else {
            return nil
        }
        return (endpoint.path.text, values)
    }

    @Test("literal names stand above parameters")
    func literals() {
        #expect(found("/api/v1/things/new")?.path == "/api/v1/things/new")
        #expect(found("/api/v1/things/old")?.values == ["id": "old"])
        #expect(found("/api/v1/things/new/parts/2")?.values == ["id": "new", "part": "2"])
        #expect(found("/api/v1/things/1/2") == nil && found("/api/v1") == nil && found("/") == nil)
    }

    @Test("another beginning leads to the same routes")
    func prefixes() {
        #expect(found("/api/things/1")?.path == "/api/v1/things/{id}")
        #expect(found("/api/v1/v1/things") == nil && found("/api/page") == nil)
    }

    @Test("an alias gives its parameters the names of the route that it leads to")
    func aliases() {
        #expect(found("/old/7")?.values == ["id": "7"])
    }

    @Test("at an address that pages share, programs get the API's answer and browsers the page")
    func bare() {
        #expect(found("/page")?.path == "/api/v1/things")
        #expect(found("/page", asksForJSON: false)?.path == "/page")
        #expect(found("/bare/7")?.values == ["id": "7"])
        #expect(found("/bare/7", asksForJSON: false) == nil)
    }
}
