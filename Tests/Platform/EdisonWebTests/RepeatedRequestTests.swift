import EdisonCore
import EdisonSQL
import EdisonTestKit
import Foundation
import HTTPTypes
import Synchronization
import Testing

@testable import EdisonWeb

@Suite("A request that is sent again", .timeLimit(.minutes(2)))
struct RepeatedRequestTests {
    private final class Count: Sendable {
        private let value = Mutex(0)
        var now: Int { value.withLock { $0 } }
        func next() -> Int {
            value.withLock { value in
                value += 1
                return value
            }
        }
    }

    private struct Wish: RequestBody {
        let text: String
        init(_ fields: Fields) { text = fields.required("text", .text()) }
    }

    /// Each call makes another thing, with a secret that is shown once.
    private static func maker(_ count: Count, takes: Duration = .zero) -> [Endpoint] {
        let shape = Shape<Int>("Made", [.integer("number", \.self), .text("secret") { _ in "planted-secret-4711" }])
        return [
            .json(
                .post, "/make", "Makes a thing.", in: "Probe", .open, query: [QueryParameter("x", .text(), "Any.")],
                takes: Wish.self, .one(shape, .created)
            ) { _, wish in
                try await Task.sleep(for: takes)
                if wish.text == "fail", count.next() == 1 { throw EdisonError(.unavailable, "Not now.") }
                return count.next()
            }
        ]
    }

    private static func make(
        _ server: TestServer, key: String?, _ text: String = "a", by name: String = "ada", query: String = ""
    ) async throws -> RawAnswer {
        let headers = ["Authorization: Bearer \(name)"] + (key.map { ["Idempotency-Key: \($0)"] } ?? [])
        return try #require(
            try await server.ask(
                "POST", "/make\(query)", headers, body: JSONValue.object(["text": .string(text)]).text()))
    }

    @Test(
        "it has one effect and the same answer; other callers and keys are independent",
        arguments: TestDatabase.allCases)
    func once(kind: TestDatabase) async throws {
        let count = Count()
        try await TestServer.run(Self.maker(count), on: kind) { server in
            let first = try await Self.make(server, key: "k1")
            let again = try await Self.make(server, key: "k1")
            #expect(first.status == 201 && again.status == 201 && again.body == first.body)
            #expect(first.header("idempotency-replayed") == nil && again.header("idempotency-replayed") == "true")
            #expect(count.now == 1)
            #expect(try await Self.make(server, key: "k1", by: "bob").body != first.body)
            #expect(try await Self.make(server, key: "k2").status == 201)
            #expect(try await Self.make(server, key: nil).status == 201)
            #expect(count.now == 4)
        }
    }

    @Test("another request with the same key is refused", arguments: TestDatabase.allCases)
    func other(kind: TestDatabase) async throws {
        let count = Count()
        try await TestServer.run(Self.maker(count), on: kind) { server in
            _ = try await Self.make(server, key: "k1")
            #expect(try await Self.make(server, key: "k1", "b").status == 409)
            #expect(try await Self.make(server, key: "k1", query: "?x=1").status == 409)
            #expect(try await Self.make(server, key: String(repeating: "k", count: 256)).status == 400)
            #expect(count.now == 1)
        }
    }

    @Test("at the same time it happens once, and all get its answer", arguments: TestDatabase.allCases)
    func atOnce(kind: TestDatabase) async throws {
        let count = Count()
        try await TestServer.run(Self.maker(count, takes: .milliseconds(200)), on: kind) { server in
            let bodies = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10 { group.addTask { try await Self.make(server, key: "k1").body } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(bodies.count == 1 && count.now == 1)
        }
    }

    @Test("what failed may be tried again", arguments: TestDatabase.allCases)
    func failed(kind: TestDatabase) async throws {
        try await TestServer.run(Self.maker(Count()), on: kind) { server in
            let first = try await Self.make(server, key: "k1", "fail")
            let second = try await Self.make(server, key: "k1", "fail")
            #expect(first.status == 503 && second.status == 201)
        }
    }

    @Test("one whose process died is done again after a while, and not before", arguments: TestDatabase.allCases)
    func died(kind: TestDatabase) async throws {
        let count = Count()
        try await TestServer.run(Self.maker(count), on: kind) { server in
            _ = try await Self.make(server, key: "k1")
            // As it stands when the process ends between the beginning and the answer.
            try await server.database.write { db in
                try db.execute("UPDATE repeated_request SET answer = NULL, created_at = \(Timestamp.now)")
            }
            let patience = ContinuousClock.now
            let early = try await Self.make(server, key: "k1")
            #expect(early.status == 409 && early.header("retry-after") == "1")
            #expect(patience.duration(to: .now) < .seconds(30))
            try await server.database.write { db in
                let then = Timestamp.now.advanced(by: .seconds(-121))
                try db.execute("UPDATE repeated_request SET created_at = \(then)")
            }
            #expect(try await Self.make(server, key: "k1").status == 201)
            #expect(count.now == 2)
        }
    }

    @Test("the answer that is kept cannot be read in the database", arguments: TestDatabase.allCases)
    func sealed(kind: TestDatabase) async throws {
        try await TestServer.run(Self.maker(Count()), on: kind) { server in
            #expect(try await Self.make(server, key: "k1").body.contains("planted-secret-4711"))
            let rows = try await server.database.read { db in try db.fetch("SELECT answer FROM repeated_request") }
            let answer = try #require(try rows.first?.string("answer"))
            #expect(rows.count == 1 && answer.count > 50 && !answer.contains("planted-secret"))
        }
    }

    @Test("it is not found in the file of the database")
    func file() async throws {
        try await TestDatabase.sqlite.place { place in
            let folder = (place as NSString).deletingLastPathComponent
            let database = try await Database.open(place)
            try await TestDatabase.migrate(database)
            let box = try SealedBoxOfTest.make()
            let repeats = RepeatedRequests(database: database, box: box)
            let request = APIRequest(
                id: "r", method: .post, path: "/make", principal: .anonymous, place: nil, parameters: [:],
                queryItems: [:], headers: [RepeatedRequests.header: "k1"], body: [], connection: nil,
                isStillAllowed: {}, remoteAddress: "127.0.0.1")
            let endpoint = Self.maker(Count())[0]
            _ = try await repeats.once(request, endpoint) { .json(["secret": "planted-secret-4711"]) }
            await database.close()
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files.contains("edison.db"))
            for file in files {
                let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(file)"))
                #expect(data.range(of: Data("planted-secret".utf8)) == nil, "\(file)")
            }
        }
    }
}
