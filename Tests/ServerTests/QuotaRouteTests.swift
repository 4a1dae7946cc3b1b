import EdisonCore
import EdisonQuotas
import EdisonTestKit
import EdisonWeb
import HTTPTypes
import Testing

@testable import EdisonServer

@Suite("What a plan allows", .timeLimit(.minutes(5)))
struct QuotaRouteTests {
    private static let quota: Quota = {
        var quota = Quota()
        quota.stored = [.members: 2, .projects: 2, .datasetBytes: 200]
        quota.monthlySpending = Money(dollars: 5)
        return quota
    }()

    /// A server whose first person runs it, and a second one in an organization of the plan `free`.
    private static func desk(
        _ kind: TestDatabase, _ quota: Quota = quota,
        _ use:
            @escaping @Sendable (RunningServer, _ runs: Tenants.Person, _ person: Tenants.Person) async throws -> Void
    ) async throws {
        try await RunningServer.with(kind, adjusting: { $0.quotas = [.free: quota] }) { server in
            let first = try await Tenants.register("first", on: server)
            try await use(server, first, try await Tenants.register("second", on: server))
        }
    }

    @Test(
        "members, projects and cases end where the plan says, and go on with a larger one",
        arguments: TestDatabase.allCases)
    func stored(kind: TestDatabase) async throws {
        try await Self.desk(kind) { server, first, person in
            let organization = "/api/v1/organizations/\(person.organization)"
            func ask(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue?) async throws -> Int {
                try await server.ask(method, path, token: person.token, body: body?.text()).status
            }
            func invite(_ name: String) async throws -> Int {
                try await ask(
                    .post, "\(organization)/invitations", ["email": .string("\(name)@example.org"), "role": "viewer"])
            }
            func project(_ name: String) async throws -> Int {
                try await ask(.post, "/api/v1/projects", ["name": .string(name)])
            }
            let notes = String(repeating: "n", count: 100)
            let cases: JSONValue = ["name": "c", "cases": [["input": ["notes": .string(notes)]]]]
            let path = "/api/v1/projects/\(person.project)/datasets"
            #expect(try await invite("one") == 201)
            #expect(try await invite("two") == 409)
            #expect(try await project("one") == 201)
            #expect(try await project("two") == 409)
            #expect(try await ask(.post, path, cases) == 201)
            #expect(try await ask(.post, path, cases) == 409)

            let shown = try await server.ask(.get, "\(organization)/quotas", token: person.token).json
            #expect(shown["tier"] == "free")
            let lines = try #require(shown["quotas"]?.array)
            func line(_ name: String) -> JSONValue? { lines.first { $0["name"]?.string == name } }
            #expect(line("members")?["limit"]?.int == 2 && line("members")?["used"]?.int == 2)
            #expect(line("projects")?["used"]?.int == 2)
            let bytes = try #require(line("dataset_bytes")?["used"]?.int)
            #expect(bytes > 100 && bytes <= 200)
            #expect(line("requests_per_minute")?["limit"] == .null)
            #expect(line("monthly_usd")?["limit"]?.double == 5 && line("monthly_usd")?["used"]?.double == 0)

            let tier = "/api/v1/installation/organizations/\(person.organization)"
            #expect(try await ask(.patch, tier, ["tier": "pro"]) == 403)
            let changed = try await server.ask(
                .patch, tier, token: first.token, body: JSONValue.object(["tier": "pro"]).text())
            #expect(changed.status == 200 && changed.json["tier"] == "pro")
            #expect(try await invite("two") == 201)
            #expect(try await project("two") == 201)
            #expect(try await ask(.post, path, cases) == 201)
            // Back to less than there is: nothing is taken away, and nothing is added.
            _ = try await server.ask(
                .patch, tier, token: first.token, body: JSONValue.object(["tier": "free"]).text())
            #expect(try await project("three") == 409)
            let all = try await server.ask(.get, "/api/v1/projects", token: person.token)
            #expect(all.json["items"]?.array?.count == 3)
        }
    }

    @Test("what a plan lets spend is a budget that its people see and cannot change", arguments: TestDatabase.allCases)
    func spending(kind: TestDatabase) async throws {
        try await Self.desk(kind) { server, first, person in
            let organization = "/api/v1/organizations/\(person.organization)"
            func budgets(_ path: String, _ token: String) async throws -> [JSONValue] {
                try #require(try await server.ask(.get, "\(path)/budgets", token: token).json["items"]?.array)
            }
            let plan = try #require(try await budgets(organization, person.token).first)
            #expect(plan["level"] == "plan" && plan["limit_usd"]?.double == 5 && plan["period"] == "month")
            let path = "/api/v1/budgets/\(try #require(plan["id"]?.string))"
            let raised = try await server.ask(
                .patch, path, token: person.token, body: JSONValue.object(["limit_usd": 500]).text())
            #expect(raised.status == 409)
            #expect(try await server.ask(.delete, path, token: person.token).status == 409)
            // Its people can have a monthly budget of their own beside it.
            let own = try await server.ask(
                .post, "\(organization)/budgets", token: person.token,
                body: JSONValue.object(["limit_usd": 1, "period": "month"]).text())
            #expect(own.status == 201 && own.json["level"] == "organization")
            // The first organization runs the installation.
            #expect(try await budgets("/api/v1/organizations/\(first.organization)", first.token).isEmpty)
        }
    }

    @Test("a plan's requests a minute are those of the organization")
    func rate() async throws {
        var quota = Quota()
        quota.requestsPerMinute = 3
        try await Self.desk(.sqlite, quota) { server, first, person in
            func ask(_ person: Tenants.Person) async throws -> Int {
                try await server.ask(.get, "/api/v1/projects/\(person.project)", token: person.token).status
            }
            var seen: [Int] = []
            for _ in 0..<5 { seen.append(try await ask(person)) }
            #expect(seen == [200, 200, 200, 429, 429])
            for _ in 0..<5 { #expect(try await ask(first) == 200) }
        }
    }

    @Test("two who come at once for the last place do not both get it", arguments: TestDatabase.allCases)
    func race(kind: TestDatabase) async throws {
        try await Self.desk(kind) { server, _, person in
            let made = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        try await server.ask(
                            .post, "/api/v1/projects", token: person.token,
                            body: JSONValue.object(["name": .string("p\(number)")]).text()
                        ).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(made.filter { $0 == 201 }.count == 1, "\(made)")
            #expect(made.filter { $0 == 409 }.count == 5, "\(made)")
        }
    }
}
