import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonTestKit
import Foundation
import Testing

@testable import EdisonServer

extension Live {
    @Suite("Looking after jobs over HTTP")
    struct JobsAPITests {
        @Test(
            "jobs are listed, shown, cancelled and tried again, and each change is written down",
            arguments: TestDatabase.allCases)
        func administration(_ kind: TestDatabase) async throws {
            try await LiveServer.on(kind) { server in
                let (owner, project) = try await server.register("owner@example.org")
                let queue = JobQueue(database: server.database)
                let options = JobOptions(owner: "a", project: ProjectID(project))
                let mine = try await queue.enqueue([Vigil(isWatchful: true), Vigil(isWatchful: false)], options)
                let others = try await queue.enqueue([Vigil(isWatchful: true)], JobOptions(owner: "b c"))

                let all = try await server.call("GET", "/api/v1/jobs?limit=2", token: owner).json
                #expect(all["items"]?.array?.count == 2)
                let cursor = try #require(all["next_cursor"]?.string)
                let rest = try await server.call(
                    "GET", "/api/v1/jobs?kind=test.vigil&limit=2&cursor=\(cursor)", token: owner
                ).json
                #expect(rest["items"]?.array?.count == 1 && rest["next_cursor"] == .null)
                #expect(try await ids("/api/v1/jobs?owner=b%20c", owner, server) == others.map(\.text))
                #expect(try await ids("/api/v1/jobs?status=failed", owner, server) == [])
                #expect(
                    try await ids("/api/v1/projects/\(project)/jobs", owner, server).sorted()
                        == mine.map(\.text).sorted())
                #expect(try await server.call("GET", "/api/v1/jobs?status=odd", token: owner).status == 422)

                let queues = try await server.call("GET", "/api/v1/jobs/queues?limit=1", token: owner).json
                #expect(queues["items"]?[0]?["owner"] == "a" && queues["items"]?[0]?["pending"] == 2)
                #expect(queues["items"]?[0]?["waited_seconds"]?.double.map { $0 >= 0 && $0 < 60 } == true)
                let next = try #require(queues["next_cursor"]?.string?.replacing(" ", with: "%20"))
                let second = try await server.call("GET", "/api/v1/jobs/queues?cursor=\(next)", token: owner).json
                #expect(second["items"]?.array?.compactMap { $0["owner"]?.string } == ["b c"])

                let path = "/api/v1/jobs/\(mine[0])"
                #expect(try await server.call("GET", path, token: owner).json["status"] == "pending")
                #expect(try await server.call("POST", path + "/retry", token: owner).status == 409)
                #expect(try await server.call("POST", path + "/cancel", token: owner).json["status"] == "cancelled")
                #expect(try await server.call("POST", path + "/cancel", token: owner).status == 409)
                #expect(try await server.call("POST", path + "/retry", token: owner).json["status"] == "pending")
                #expect(try await server.call("POST", "/api/v1/jobs/none/cancel", token: owner).status == 404)
                let written = try await server.database.read { db in
                    try db.fetch("SELECT action, project_id FROM audit_entry WHERE entity_type = 'job' ORDER BY id").map
                    {
                        [try $0.string("action"), try $0.optionalString("project_id") ?? ""]
                    }
                }
                #expect(written == [["job.cancelled", project], ["job.retried", project]])
            }
        }

        private func ids(_ path: String, _ token: String, _ server: LiveServer) async throws -> [String] {
            let items = try await server.call("GET", path, token: token).json["items"]?.array ?? []
            return items.compactMap { $0["id"]?.string }
        }

        @Test(
            "only who runs the installation sees all jobs; a project's members see its own",
            arguments: TestDatabase.allCases)
        func access(_ kind: TestDatabase) async throws {
            try await LiveServer.on(kind) { server in
                let (owner, first) = try await server.register("owner@example.org")
                let (other, second) = try await server.register("other@example.org")
                let queue = JobQueue(database: server.database)
                let job = try await queue.enqueue(
                    [Vigil(isWatchful: true)], JobOptions(owner: "a", project: ProjectID(first)))[0]
                for path in ["/jobs", "/jobs/queues", "/jobs/\(job)", "/workers"] {
                    #expect(try await server.call("GET", "/api/v1" + path).status == 401)
                    #expect(try await server.call("GET", "/api/v1" + path, token: other).status == 403)
                    #expect(try await server.call("GET", "/api/v1" + path, token: owner).status == 200)
                }
                for action in ["cancel", "retry"] {
                    #expect(try await server.call("POST", "/api/v1/jobs/\(job)/\(action)", token: other).status == 403)
                }
                #expect(try await server.call("GET", "/api/v1/projects/\(first)/jobs", token: other).status == 404)
                #expect(try await ids("/api/v1/projects/\(second)/jobs", other, server) == [])
                #expect(try await queue.job(job)?.status == .pending)
            }
        }

        @Test("the server's own worker is on the list, and does what recurs")
        func workers() async throws {
            try await LiveServer.on(.sqlite) { server in
                let (owner, _) = try await server.register("owner@example.org")
                let queue = JobQueue(database: server.database)
                let job = try await queue.enqueue([CleanUpJob()], JobOptions(owner: "system"))[0]
                for _ in 0..<500 where try await queue.job(job)?.status != .completed {
                    try await Task.sleep(for: .milliseconds(10))
                }
                #expect(try await queue.job(job)?.status == .completed)
                let list = try await server.call("GET", "/api/v1/workers", token: owner).json
                let workers = try #require(list["items"]?.array)
                #expect(workers.count == 2 && workers.allSatisfy { $0["alive"] == true })
                let kinds = Set(workers.map { $0["kinds"]?.array?.compactMap(\.string) ?? [] })
                // What takes seconds does not wait behind what takes hours.
                #expect(
                    kinds == [
                        ["experiment.run"], ["clean-up", "webhook.deliver", "webhook.forget", "webhook.sweep"],
                    ])
            }
        }

        @Test("the metrics of the server are those of its reference page, by name and kind")
        func metrics() async throws {
            try await LiveServer.on(.sqlite) { server in
                let text = try await server.call("GET", "/metrics").text
                let told = Set(text.matches(of: /# TYPE (\w+) (\w+)/).map { "\($0.1) \($0.2)" })
                let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                    .appendingPathComponent("../../../docs/reference/metrics.md")
                let rows = try String(contentsOf: page, encoding: .utf8).matches(of: /(?m)^\| `(\w+)` \| (\w+) \|/)
                #expect(told == Set(rows.map { "\($0.1) \($0.2)" }))
                #expect(told.count > 8)
                #expect(text.contains("edison_workers 2\n"))
                #expect(text.contains("edison_database_sessions{state=\"idle\"}"))
                // Every line is a comment or a value.
                for line in text.split(separator: "\n") {
                    #expect(line.wholeMatch(of: /# (HELP|TYPE) .*|\w+(\{[^{}]*\})? -?[0-9.eE+-]+/) != nil, "\(line)")
                }
            }
        }
    }
}
