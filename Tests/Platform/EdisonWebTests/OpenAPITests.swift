import EdisonCore
import Testing

@testable import EdisonWeb

@Suite("The description of the API")
struct OpenAPITests {
    private static func shown(_ shapes: [Shape<Int>]) -> [Endpoint] {
        shapes.enumerated().map { index, shape in
            .get(PathTemplate("/shape-\(index)"), "Answers.", in: "Probe", .open, .one(shape)) { _ in 1 }
        }
    }

    @Test("a name that two different shapes have is found, and one that the same shape has twice is not")
    func conflicts() {
        let one = Shape<Int>("Number", [.integer("number", \.self)])
        let other = Shape<Int>("Number", [.text("number") { "\($0)" }])
        let around = Shape<Int>("Around", [.part("inside", other, \.self)])
        #expect(OpenAPIDocument(Self.shown([one, one])).conflicts == [])
        #expect(OpenAPIDocument(Self.shown([one, other])).conflicts == ["Number"])
        #expect(OpenAPIDocument(Self.shown([one, around])).conflicts == ["Number"])
    }

    @Test("shapes inside others, in lists, and of a part of another value are described once, by their names")
    func parts() throws {
        let inner = Shape<Int>("Inner", [.integer("number", \.self)])
        let middle = Shape<Int>("Middle", [.parts("all", inner) { [$0] }, .optionalPart("one", inner) { $0 }])
        let outer = Shape<Int>("Outer", middle.of(\.self) + [.part("middle", middle, \.self)])
        let json = OpenAPIDocument(Self.shown([outer])).json
        #expect(json["components"]?["schemas"]?.object?.keys == ["Inner", "Middle", "Outer", "Problem"])
        let all = json["components"]?["schemas"]?["Outer"]?["properties"]?["all"]
        #expect(all?["items"]?["$ref"] == "#/components/schemas/Inner")
    }

    @Test("every operation has a name of its own, its permission, and each status that it may answer")
    func operations() throws {
        let json = OpenAPIDocument(Probe.endpoints).json
        let operations = (json["paths"]?.object ?? [:]).flatMap { ($0.value.object ?? [:]).map(\.value) }
        #expect(operations.count == Probe.endpoints.count)
        #expect(Set(operations.compactMap { $0["operationId"]?.string }).count == operations.count)
        let write = try #require(json["paths"]?["/projects/{project}/write"]?["post"])
        #expect(write["operationId"] == "postProjectsByProjectWrite" && write["x-permission"] == "probe:write")
        #expect(
            Set(write["responses"]?.object?.keys ?? [])
                == ["204", "400", "401", "403", "404", "409", "413", "422", "429", "431", "503", "default"])
        #expect(write["parameters"]?.array?.map { $0["name"] } == ["project", "Idempotency-Key"])
        let page = try #require(json["paths"]?["/page"]?["get"])
        #expect(page["responses"]?["304"] != nil && page["responses"]?["200"]?["headers"]?["ETag"] != nil)
        #expect(json["paths"]?["/plain"]?["get"]?["security"] == [])
    }

    private static let worded: [(JSONObject, String)] = [
        (FieldType.text(1...20).schema, "text from 1 to 20 characters"),
        (FieldType.integer(1...5).schema, "whole number from 1 to 5"), (FieldType.email.schema, "e-mail address"),
        (FieldType.list(of: .bool).schema, "list of true or false"), (FieldType.time.schema, "time"),
        (["type": ["string", "null"], "enum": ["a", "b", nil]], "one of a, b, or null"),
        (["anyOf": [["$ref": "#/components/schemas/User"], ["type": "null"]]], "User or null"), ([:], "anything"),
    ]

    @Test("a schema is put into words", arguments: worded)
    func words(schema: JSONObject, words: String) { #expect(SchemaWords.text(schema) == words) }

    @Test("an example has what must be given, and can be pasted into a terminal")
    func examples() throws {
        let endpoint = try #require(Probe.endpoints.first { $0.path == "/projects/{project}/write" })
        #expect(
            CurlExample.of(endpoint)
                == "curl -X POST \"$EDISON_URL/projects/$PROJECT/write\" \\\n  -H \"Authorization: Bearer $EDISON_KEY\""
        )
        #expect(ExampleValue.of(Probe.Echo.schema) == ["value": [:]])
    }

    @Test("the page shows every endpoint and escapes what it shows")
    func page() async throws {
        let evil = Endpoint.get(
            "/evil", "<script>alert(1)</script> & more.", in: "Probe", .open,
            query: [QueryParameter("q", .text(), "\"><img src=x>")], .nothing
        ) { _ in }
        let reference = APIReference(describing: Probe.endpoints + [evil])
        try await TestServer.run(Probe.endpoints + [evil] + reference.endpoints) { server in
            let page = try #require(try await server.ask("GET", "/docs/api"))
            #expect(page.status == 200 && page.header("content-type")?.hasPrefix("text/html") == true)
            #expect(page.header("content-security-policy")?.contains("script") == false)
            #expect(!page.body.contains("<script") && !page.body.contains("<img"))
            for endpoint in Probe.endpoints {
                #expect(page.body.contains("<code>\(endpoint.path.text)</code>"), "\(endpoint.path)")
            }
            #expect(page.body.contains("<span class=\"type\">anything</span>"), "a field of no shape leads to none")
            let document = try #require(try await server.ask("GET", "/api/v1/openapi.json"))
            #expect(try JSONValue(parsing: document.body)["openapi"] == "3.1.0")
            let tag = try #require(document.header("etag"))
            #expect(try await server.ask("GET", "/api/v1/openapi.json", ["If-None-Match: \(tag)"])?.status == 304)
        }
    }
}
