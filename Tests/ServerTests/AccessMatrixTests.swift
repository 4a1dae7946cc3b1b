import EdisonAccounts
import EdisonCore
import EdisonSQL
import EdisonSecrets
import EdisonTestKit
import EdisonWeb
import Foundation
import HTTPTypes
import Logging
import ProviderSimulator
import ServiceLifecycle
import Testing

@testable import EdisonServer

@Suite("Who may do what", .timeLimit(.minutes(5)))
struct AccessMatrixTests {
    @Test("only what a route declares passes, for everybody who may ask", arguments: TestDatabase.allCases)
    func product(kind: TestDatabase) async throws {
        let provider = try await Simulator.start(SimulatorConfiguration())
        try await RunningServer.with(kind) { server in
            let tenants = try await Tenants.make(on: server)
            let things = try await RealThings.make(
                of: tenants.owner, mark: "Zanzibar", on: server, provider: provider.baseURL)
            let matrix = AccessMatrix(tenants)
            let endpoints = server.routes.endpoints
            #expect(endpoints.count > 5)
            var faults = try await matrix.walk(endpoints, on: server, ids: things.ids)
            #expect(faults == [], "\(faults.joined(separator: "\n"))")
            // A thing that is not there is so for everybody.
            let absent = things.ids.mapValues { _ in "0198c0de-0000-7000-8000-000000000000" }
            faults = try await matrix.walkAbsent(endpoints, on: server, ids: absent)
            #expect(faults == [], "\(faults.joined(separator: "\n"))")
        }
        await provider.stop()
    }

    /// One route of each rule, so that the walk is tried on all of them.
    private static let rules: [Endpoint] = {
        let see = Permission("probe:see", from: .viewer)
        let change = Permission("probe:change", from: .admin)
        let thing = EntityOwner("thing") { id, db in
            try db.fetchOne("SELECT id FROM project WHERE id = \(id)").map { .project(ProjectID(try $0.string("id"))) }
        }
        func probe(_ path: PathTemplate, _ rule: AccessRule) -> Endpoint {
            .action(.post, path, "Is let in.", in: "Probe", rule, .nothing) { _ in }
        }
        return [
            probe("/open", .open), probe("/signed-in", .signedIn), probe("/person", .person),
            probe("/o/{organization}/see", .organization(see)), probe("/o/{organization}", .organization(change)),
            probe("/p/{project}/see", .project(see)), probe("/p/{project}", .project(change)),
            probe("/t/{id}/see", .entity(see, thing)), probe("/t/{id}", .entity(change, thing)),
            probe("/installation", .installation(change)), probe("/installation/see", .installation(see)),
        ]
    }()

    @Test("each rule of access lets in whom it names", arguments: TestDatabase.allCases)
    func everyRule(kind: TestDatabase) async throws {
        try await RunningServer.with(kind) { product in
            let tenants = try await Tenants.make(on: product)
            let database = try await Database.open(product.place)
            let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            var settings = WebSettings()
            settings.requestsPerMinute = nil
            settings.anonymousRequestsPerMinute = nil
            let service = APIService(
                routes: RouteTable(Self.rules),
                access: Memberships(database: database, tokens: try await RunningServer.tokens()), settings: settings,
                repeats: RepeatedRequests(
                    database: database, box: try SecretBox(keys: SealingKey.list(RunningServer.secret))),
                meter: RequestMeter(), log: log)
            let (ports, port) = AsyncStream<Int>.makeStream()
            let web = WebServer(service, host: "127.0.0.1", port: 0, log: log) { port.yield($0) }
            let group = ServiceGroup(configuration: .init(services: [web], logger: log))
            async let running: Void = group.run()
            let found = await ports.first { _ in true }
            let server = RunningServer(
                url: "http://127.0.0.1:\(try #require(found))", place: product.place, routes: RouteTable(Self.rules))
            let faults = try await AccessMatrix(tenants).walk(
                Self.rules, on: server, ids: ["thing": tenants.owner.project.text])
            #expect(faults == [], "\(faults.joined(separator: "\n"))")
            await group.triggerGracefulShutdown()
            try await running
            await database.close()
        }
    }

    @Test("the walk finds a route that lets in more than it says")
    func finds() async throws {
        try await RunningServer.with { server in
            let matrix = AccessMatrix(try await Tenants.make(on: server))
            let admin = Permission("probe:admin", from: .admin)
            // Declared for administrators, answered for anybody.
            let lie = Endpoint.get("/health", "Lies.", in: "Probe", .installation(admin), .nothing) { _ in }
            let faults = try await matrix.walk([lie], on: server)
            #expect(faults.contains { $0.contains("for anonymous: 400, not unknown") })
            #expect(faults.contains { $0.contains("for viewer: 400, not forbidden") })
            let nothing = EntityOwner("nothing") { _, _ in nil }
            let untried = Endpoint.get("/n/{id}", "Shows.", in: "Probe", .entity(admin, nothing), .nothing) { _ in }
            #expect(try await matrix.walk([untried], on: server).count == 1, "and one that no thing is there for")
        }
    }
}
