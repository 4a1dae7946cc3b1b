import EdisonCore
import EdisonTestKit
import EdisonWeb
import Foundation
import HTTPTypes
import ProviderSimulator
import Testing

@testable import EdisonServer

@Suite("What one tenant learns of another", .timeLimit(.minutes(5)))
struct TenantLeakTests {
    /// Two tenants with everything that a tenant can have.
    private struct Neighbours: Sendable {
        let server: RunningServer
        let tenants: Tenants
        let owner: RealThings
        let outsider: RealThings
        let provider: RunningSimulator

        /// An address with things of a tenant in it.
        func path(of endpoint: Endpoint, _ things: RealThings) -> String {
            var path = endpoint.path.text
                .replacing("{organization}", with: things.person.organization.text)
                .replacing("{project}", with: things.person.project.text)
                .replacing("{key}", with: things.key).replacing("{invitation}", with: things.invitation)
                .replacing("{user}", with: things.person.id.text).replacing("{name}", with: "prompt-\(things.mark)")
                .replacing("{provider}", with: "openai").replacing("{tag}", with: "production")
            if case .entity(_, let owner) = endpoint.access {
                path = path.replacing("{id}", with: things.ids[owner.kind] ?? "none")
            }
            for name in endpoint.path.parameters { path = path.replacing("{\(name)}", with: "x") }
            // A stream that stays open would never be read to its end.
            return path.hasSuffix("/events") && !isEndless(endpoint) ? path + "?until=rest" : path
        }

        func isEndless(_ endpoint: Endpoint) -> Bool { endpoint.path.text.hasSuffix("/budget-alerts/events") }
    }

    private func withNeighbours(
        _ kind: TestDatabase, _ use: @escaping @Sendable (Neighbours) async throws -> Void
    ) async throws {
        let provider = try await Simulator.start(SimulatorConfiguration())
        do {
            try await RunningServer.with(kind) { server in
                let tenants = try await Tenants.make(on: server)
                let owner = try await RealThings.make(
                    of: tenants.owner, mark: "Zanzibar", on: server, provider: provider.baseURL)
                let outsider = try await RealThings.make(
                    of: tenants.outsider, mark: "Quillota", on: server, provider: provider.baseURL)
                try await use(
                    Neighbours(server: server, tenants: tenants, owner: owner, outsider: outsider, provider: provider))
            }
            await provider.stop()
        } catch {
            await provider.stop()
            throw error
        }
    }

    /// What of these stands in an answer, but for what the request itself has said.
    private func leaks(_ things: RealThings, in answer: RunningServer.Reading, askedAt path: String) -> [String] {
        let said = ([answer.text] + answer.headers.map(\.value)).joined(separator: "\n")
        return things.secrets.filter { said.localizedCaseInsensitiveContains($0) && !path.contains($0) }
    }

    @Test(
        "no route tells a stranger of a thing that is there more than of one that is not",
        arguments: TestDatabase.allCases)
    func errors(kind: TestDatabase) async throws {
        try await withNeighbours(kind) { all in
            let strangers = [("outsider", all.tenants.outsider.token), ("nobody", nil), ("garbage", "edk_garbage")]
            for endpoint in all.server.routes.endpoints {
                // Without a place a change would be one of the caller's own.
                let isPlaceless =
                    switch endpoint.access {
                    case .organization, .project, .entity: false
                    default: true
                    }
                if isPlaceless, endpoint.method != .get { continue }
                let path = all.path(of: endpoint, all.owner)
                for (name, token) in strangers {
                    let body = endpoint.method == .get ? nil : "{}"
                    let answer = try await all.server.read(endpoint.method, path, token: token, body: body)
                    #expect(isPlaceless || [401, 404].contains(answer.status), "\(endpoint.method) \(path): \(name)")
                    let leaks = leaks(all.owner, in: answer, askedAt: path)
                    #expect(leaks == [], "\(endpoint.method) \(path) for \(name)")
                }
            }
        }
    }

    @Test(
        "what a tenant reads, streams and exports of its own holds nothing of another's",
        arguments: TestDatabase.allCases)
    func answers(kind: TestDatabase) async throws {
        try await withNeighbours(kind) { all in
            var isOwn = 0
            for endpoint in all.server.routes.endpoints where endpoint.method == .get {
                let path = all.path(of: endpoint, all.outsider)
                let token = all.tenants.outsider.token
                let answer =
                    all.isEndless(endpoint)
                    ? try await all.server.readBeginning(path, token: token)
                    : try await all.server.read(.get, path, token: token)
                #expect(leaks(all.owner, in: answer, askedAt: path) == [], "GET \(path)")
                if answer.text.contains(all.outsider.mark) { isOwn += 1 }
            }
            // It could not be seen in answers that show nothing at all.
            #expect(isOwn > 15, "only \(isOwn) routes show what a tenant has")
            let mine = try await all.server.ask(.get, "/api/v1/projects/default", token: all.tenants.outsider.token)
            #expect(mine.json["id"]?.string == all.tenants.outsider.project.text, "a slug is one's own")
        }
    }

    @Test(
        "a foreign id in a body or behind one's own place is as one that does not exist",
        arguments: TestDatabase.allCases)
    func references(kind: TestDatabase) async throws {
        try await withNeighbours(kind) { all in
            let own = all.outsider
            let project = "/api/v1/projects/\(own.person.project)"
            let organization = "/api/v1/organizations/\(own.person.organization)"
            func experiment(_ key: String) -> @Sendable (String) -> JSONValue {
                { id in
                    var body =
                        RealThings.experiment(
                            mark: own.mark, dataset: own.ids["dataset"] ?? "", prompt: own.ids["prompt"] ?? "",
                            credential: key == "credential" ? id : own.ids["credential"] ?? ""
                        ).object ?? [:]
                    if key != "credential" { body[key] = key == "dataset_ids" ? [.string(id)] : .string(id) }
                    return .object(body)
                }
            }
            func body(_ key: String) -> @Sendable (String) -> JSONValue { { [key: .string($0)] } }
            let role: @Sendable (String) -> JSONValue = { _ in ["role": "viewer"] }
            let none: @Sendable (String) -> JSONValue = { _ in [:] }
            let prompt = own.ids["prompt"] ?? ""
            let made = try await all.server.ask(
                .post, "\(project)/experiments", token: own.person.token,
                body: RealThings.experiment(
                    mark: own.mark, dataset: own.ids["dataset"] ?? "", prompt: prompt,
                    credential: own.ids["credential"] ?? ""
                ).text())
            let draft = try #require(made.json["id"]?.string, "\(made.json)")
            let attempts:
                [(HTTPRequest.Method, @Sendable (String) -> String, @Sendable (String) -> JSONValue, String)] = [
                    (
                        .post, { _ in "\(project)/experiments" }, experiment("dataset_ids"),
                        all.owner.ids["dataset"] ?? ""
                    ),
                    (.post, { _ in "\(project)/experiments" }, experiment("prompt_id"), all.owner.ids["prompt"] ?? ""),
                    (
                        .post, { _ in "\(project)/experiments" }, experiment("prompt_version_id"),
                        all.owner.ids["version"] ?? ""
                    ),
                    (
                        .post, { _ in "\(project)/experiments" }, experiment("credential"),
                        all.owner.ids["credential"] ?? ""
                    ),
                    (
                        .put, { _ in "/api/v1/prompts/\(prompt)/tags/production" }, body("version_id"),
                        all.owner.ids["version"] ?? ""
                    ),
                    (
                        .post, { _ in "/api/v1/prompts/\(prompt)/versions" },
                        { ["text": "{{message}}", "parent_version_id": .string($0)] }, all.owner.ids["version"] ?? ""
                    ),
                    (
                        .patch, { _ in "/api/v1/experiments/\(draft)" }, body("prompt_version_id"),
                        all.owner.ids["version"] ?? ""
                    ),
                    (.patch, { _ in "/api/v1/experiments/\(draft)" }, body("prompt_id"), all.owner.ids["prompt"] ?? ""),
                    (
                        .post, { _ in "/api/v1/experiments/\(draft)/run" }, body("prompt_version_id"),
                        all.owner.ids["version"] ?? ""
                    ),
                    (.delete, { "\(organization)/api-keys/\($0)" }, none, all.owner.key),
                    (.delete, { "\(organization)/invitations/\($0)" }, none, all.owner.invitation),
                    (.post, { "\(organization)/invitations/\($0)/resend" }, none, all.owner.invitation),
                    (.patch, { "\(organization)/members/\($0)" }, role, all.owner.person.id.text),
                    (.delete, { "\(organization)/members/\($0)" }, none, all.owner.person.id.text),
                    (.put, { "\(project)/members/\($0)" }, role, all.owner.person.id.text),
                    (.get, { "\(project)/prompts/prompt-\($0)" }, none, all.owner.mark),
                ]
            for (method, path, body, foreign) in attempts {
                var seen: [String] = []
                for id in [foreign, foreign.count < 30 ? "Nowhere" : "0198c0de-0000-7000-8000-000000000000"] {
                    let sent = method == .get || method == .delete ? nil : body(id).text()
                    let answer = try await all.server.read(
                        method, path(id), token: own.person.token, body: sent)
                    #expect((400..<500).contains(answer.status), "\(method) \(path(id)): \(answer.status)")
                    #expect(leaks(all.owner, in: answer, askedAt: id) == [], "\(method) \(path(id))")
                    seen.append("\(answer.status) \(answer.withoutRequestID.replacing(id, with: "ID"))")
                }
                #expect(seen[0] == seen[1], "\(method) \(path("ID"))")
            }
            // And what was asked for is as it was.
            let keys = try await all.server.read(
                .get, "/api/v1/organizations/\(all.owner.person.organization)/api-keys", token: all.owner.person.token)
            #expect(keys.text.contains(all.owner.key))
        }
    }

    @Test("no cache answers one tenant with what another asked for", arguments: TestDatabase.allCases)
    func caches(kind: TestDatabase) async throws {
        try await withNeighbours(kind) { all in
            let server = all.server
            let (owner, outsider) = (all.owner, all.outsider)
            // Answers that are kept under the caller's own key.
            var made: [String] = []
            for token in [owner.person.token, outsider.person.token] {
                let answer = try await server.read(
                    .post, "/api/v1/organizations", token: token, headers: ["Idempotency-Key": "one and the same"],
                    body: "{\"name\": \"Another firm\"}")
                #expect(answer.status == 201 && answer.headers["Idempotency-Replayed"] == nil, "\(answer)")
                made.append(answer.json["id"]?.string ?? "")
            }
            #expect(Set(made).count == 2)
            // Tags of a state that the stranger has heard of.
            let path = "/api/v1/prompts/\(owner.ids["prompt"] ?? "")"
            let tag = try #require(try await server.read(.get, path, token: owner.person.token).headers["ETag"])
            let guessed = try await server.read(
                .get, path, token: outsider.person.token, headers: ["If-None-Match": tag])
            #expect(guessed.status == 404)
            // Answers of models: the same content, the same provider, and every call is made again.
            let before = all.provider.log.entries.count
            let same = try await RealThings.make(
                of: try await Tenants.register("third", on: server), mark: owner.mark, on: server,
                provider: all.provider.baseURL)
            let again = all.provider.log.entries.count - before
            let calls = try await server.ask(
                .get, "/api/v1/experiments/\(same.ids["experiment"] ?? "")", token: same.person.token)
            let first = try await server.ask(
                .get, "/api/v1/experiments/\(owner.ids["experiment"] ?? "")", token: owner.person.token)
            #expect(calls.json["calls"] == first.json["calls"] && again == first.json["calls"]?.int)
        }
    }
}
