import EdisonCore
import EdisonTestKit
import EdisonWeb
import HTTPTypes
import Testing

@testable import EdisonServer

@Suite("The routes of budgets and costs", .timeLimit(.minutes(5)))
struct BudgetRouteTests {
    private struct Desk {
        let server: RunningServer
        let tenants: Tenants
        var owner: Tenants.Person { tenants.owner }
        var project: String { "/api/v1/projects/\(owner.project)" }
        var organization: String { "/api/v1/organizations/\(owner.organization)" }

        func ask(
            _ method: HTTPRequest.Method, _ path: String, as token: String?, _ body: JSONValue? = nil,
            headers: [String: String] = [:]
        ) async throws -> (status: Int, json: JSONValue) {
            try await server.ask(method, path, token: token, headers: headers, body: body?.text())
        }

        func budget(_ path: String, _ body: JSONValue) async throws -> String {
            let made = try await ask(.post, "\(path)/budgets", as: owner.token, body)
            try #require(made.status == 201, "\(made.json)")
            return try #require(made.json["id"]?.string)
        }
    }

    private static func desk(
        _ kind: TestDatabase, _ use: @escaping @Sendable (Desk) async throws -> Void
    ) async throws {
        try await RunningServer.with(kind) { server in
            try await use(Desk(server: server, tenants: try await Tenants.make(on: server)))
        }
    }

    @Test("who may see and change which budget, and which costs", arguments: TestDatabase.allCases)
    func access(kind: TestDatabase) async throws {
        try await Self.desk(kind) { desk in
            let ofProject = try await desk.budget(desk.project, ["limit_usd": 1])
            let ofMember = try await desk.budget(
                desk.organization,
                ["limit_usd": 1, "user_id": .string(try #require(desk.tenants.members[.editor]).id.text)])
            let callers: [(name: String, token: String?)] =
                [("anonymous", nil), ("outsider", desk.tenants.outsider.token)]
                + [Role.viewer, .reviewer, .editor, .admin].map { ($0.rawValue, desk.tenants.members[$0]?.token) }
            let table: [(HTTPRequest.Method, String, JSONValue?, [Int])] = [
                (.get, "\(desk.project)/budgets", nil, [401, 404, 200, 200, 200, 200]),
                (.get, "\(desk.project)/budget-alerts", nil, [401, 404, 200, 200, 200, 200]),
                (.get, "\(desk.organization)/budgets", nil, [401, 404, 403, 403, 403, 200]),
                (.get, "\(desk.organization)/budget-alerts", nil, [401, 404, 403, 403, 403, 200]),
                (.get, "/api/v1/budgets/\(ofProject)", nil, [401, 404, 200, 200, 200, 200]),
                (.get, "/api/v1/budgets/\(ofMember)", nil, [401, 404, 403, 403, 200, 200]),
                (.get, "/api/v1/me/budgets", nil, [401, 200, 200, 200, 200, 200]),
                (.patch, "/api/v1/budgets/\(ofProject)", ["name": "x"], [401, 404, 403, 403, 403, 200]),
                (.patch, "/api/v1/budgets/\(ofMember)", ["name": "x"], [401, 404, 403, 403, 403, 200]),
                (.post, "\(desk.project)/budgets", ["limit_usd": -1], [401, 404, 403, 403, 403, 422]),
                (.post, "\(desk.organization)/budgets", ["limit_usd": -1], [401, 404, 403, 403, 403, 422]),
                (.get, "\(desk.project)/costs?by=model", nil, [401, 404, 200, 200, 200, 200]),
                (.get, "\(desk.project)/costs/export", nil, [401, 404, 200, 200, 200, 200]),
                (.get, "\(desk.organization)/costs", nil, [401, 404, 403, 403, 403, 200]),
                (.get, "\(desk.organization)/costs/export", nil, [401, 404, 403, 403, 403, 200]),
                (.delete, "/api/v1/budgets/\(ofMember)", nil, [401, 404, 403, 403, 403, 204]),
            ]
            let mine = try await desk.ask(
                .get, "/api/v1/me/budgets", as: desk.tenants.members[.editor]?.token)
            #expect(mine.json["items"]?.array?.compactMap { $0["id"]?.string } == [ofMember])
            for (method, path, body, expected) in table {
                var seen: [Int] = []
                for caller in callers { seen.append(try await desk.ask(method, path, as: caller.token, body).status) }
                #expect(seen == expected, "\(method) \(path)")
            }
        }
    }

    @Test("what a budget cannot be is told with the field", arguments: TestDatabase.allCases)
    func faults(kind: TestDatabase) async throws {
        try await Self.desk(kind) { desk in
            let outsider = desk.tenants.outsider
            let table: [(String, JSONValue, [String])] = [
                (desk.project, [:], ["limit_usd"]),
                (desk.project, ["limit_usd": "much"], ["limit_usd"]),
                (desk.project, ["limit_usd": 1_000_001], ["limit_usd"]),
                (desk.project, ["limit_usd": 1, "period": "year"], ["period"]),
                (
                    desk.project, ["limit_usd": 1, "alert_thresholds": [0, 2]],
                    ["alert_thresholds[0]", "alert_thresholds[1]"]
                ),
                (desk.project, ["limit_usd": 1, "alert_thresholds": [0.12345]], ["alert_thresholds"]),
                (desk.project, ["limit_usd": 1, "credential_id": "nobody's"], ["credential_id"]),
                (desk.project, ["limit_usd": 1, "user_id": "x"], ["user_id"]),
                (desk.organization, ["limit_usd": 1, "user_id": .string(outsider.id.text)], ["user_id"]),
            ]
            for (path, body, fields) in table {
                let answer = try await desk.ask(.post, "\(path)/budgets", as: desk.owner.token, body)
                #expect(answer.status == 422, "\(body)")
                #expect(answer.json["issues"]?.array?.compactMap { $0["path"]?.string } == fields, "\(answer.json)")
            }
            for query in ["by=weather", "by=day,day", "from=yesterday", "model="] {
                #expect(try await desk.ask(.get, "\(desk.project)/costs?\(query)", as: desk.owner.token).status == 422)
            }
            let absent = "/api/v1/budgets/0198c0de-0000-7000-8000-000000000000"
            for method in [HTTPRequest.Method.get, .delete] {
                #expect(try await desk.ask(method, absent, as: desk.owner.token).status == 404)
            }
            #expect(try await desk.ask(.get, "\(desk.project)/budgets", as: desk.owner.token).json["items"] == [])
        }
    }

    @Test(
        "a budget is made once, shown, changed for the state that was seen, and taken away",
        arguments: TestDatabase.allCases)
    func life(kind: TestDatabase) async throws {
        try await Self.desk(kind) { desk in
            let token = desk.owner.token
            let body: JSONValue = ["limit_usd": 12.5, "period": "month", "alert_thresholds": [0.8, 0.5]]
            let first = try await desk.ask(
                .post, "\(desk.project)/budgets", as: token, body, headers: ["Idempotency-Key": "one"])
            let again = try await desk.ask(
                .post, "\(desk.project)/budgets", as: token, body, headers: ["Idempotency-Key": "one"])
            #expect(first.status == 201 && again.json["id"] == first.json["id"])
            #expect(try await desk.ask(.post, "\(desk.project)/budgets", as: token, body).status == 409)
            let path = "/api/v1/budgets/\(try #require(first.json["id"]?.string))"
            let shown = try await desk.ask(.get, path, as: token).json
            #expect(shown["limit_usd"]?.double == 12.5 && shown["alert_thresholds"] == [0.5, 0.8])
            #expect(shown["spent_usd"]?.double == 0 && shown["left_usd"]?.double == 12.5)
            #expect(shown["renewed_at"]?.string?.contains("-01T00:00:00") == true)

            let stale = try await desk.ask(.patch, path, as: token, ["limit_usd": 1], headers: ["If-Match": "\"old\""])
            #expect(stale.status == 409)
            let changed = try await desk.ask(.patch, path, as: token, ["limit_usd": 20, "name": "Spring"])
            #expect(changed.json["limit_usd"]?.double == 20 && changed.json["alert_thresholds"] == [0.5, 0.8])
            #expect(try await desk.ask(.delete, path, as: token).status == 204)
            #expect(try await desk.ask(.get, path, as: token).status == 404)

            let audit = try await desk.ask(.get, "\(desk.organization)/audit?action=budget.", as: token).json
            let actions = audit["items"]?.array?.compactMap { $0["action"]?.string }
            #expect(actions == ["budget.deleted", "budget.changed", "budget.created"])
        }
    }
}
