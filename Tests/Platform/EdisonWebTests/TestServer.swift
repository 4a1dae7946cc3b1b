import EdisonCore
import EdisonSQL
import EdisonTestKit
import HTTPTypes
import Logging
import ServiceLifecycle

@testable import EdisonWeb

/// The real server with endpoints of the test's own, on a port of its own.
struct TestServer: Sendable {
    let port: Int
    let database: Database
    let group: ServiceGroup

    static func run(
        _ endpoints: [Endpoint] = Probe.endpoints, sockets: [SocketEndpoint] = [], settings: WebSettings = .init(),
        limits: ConnectionLimits = .init(), on kind: TestDatabase = .sqlite,
        _ use: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        try await kind.migrated { database in
            let box = try SealedBoxOfTest.make()
            let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let service = APIService(
                routes: RouteTable(endpoints), sockets: SocketTable(sockets), access: KnownCallers(),
                settings: settings, repeats: RepeatedRequests(database: database, box: box), meter: RequestMeter(),
                log: log)
            let (ports, port) = AsyncStream<Int>.makeStream()
            let web = WebServer(service, host: "127.0.0.1", port: 0, limits: limits, log: log) { port.yield($0) }
            let group = ServiceGroup(configuration: .init(services: [web], logger: log))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                tasks.addTask {
                    guard let port = await ports.first(where: { _ in true }) else { return }
                    let server = TestServer(port: port, database: database, group: group)
                    do { try await use(server) } catch {
                        await group.triggerGracefulShutdown()
                        throw error
                    }
                    await group.triggerGracefulShutdown()
                }
                try await tasks.waitForAll()
            }
        }
    }

    /// On a connection of its own that ends behind the answer.
    func ask(_ method: String = "GET", _ path: String, _ headers: [String] = [], body: String? = nil) async throws
        -> RawAnswer?
    {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: x", "Connection: close"] + headers
        if let body { lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] }
        return try await RawConnection.ask(port, lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    }
}

/// Knows callers by name: `Bearer ada` owns the project `orchard`, `Bearer bob` views it, anybody else whose token
/// begins with a letter is known and has no part in it.
struct KnownCallers: AccessControl {
    func principal(of credentials: Credentials) async throws -> Principal {
        guard let bearer = credentials.bearer else { return .anonymous }
        guard bearer.first?.isLetter == true else { throw EdisonError(.unauthenticated, "Unauthorized") }
        return .user(UserID(bearer), session: "session")
    }

    func organizations(of principal: Principal) async throws -> [Place] { [] }

    func place(of target: AccessTarget, for principal: Principal) async throws -> Place? {
        guard case .project("orchard") = target, let user = principal.user, ["ada", "bob"].contains(user.text) else {
            return nil
        }
        return Place(
            organization: OrganizationID("garden"), project: ProjectID("orchard"),
            role: user.text == "ada" ? .owner : .viewer)
    }
}

/// Endpoints that show what arrives.
enum Probe {
    static let write = Permission("probe:write", from: .editor)
    static let read = Permission("probe:read", from: .viewer)
    private static let anything: JSONObject = ["type": "object"]

    struct Echo: RequestBody {
        let json: JSONValue

        init(_ fields: Fields) { json = fields.required("value", .any) }
    }

    static let endpoints: [Endpoint] = [
        .get("/plain", "Answers.", in: "Probe", .open, .json("Plain", anything)) { _ in ["plain": true] },
        .get("/things/{id}", "Answers with the path.", in: "Probe", .open, .json("Plain", anything)) { request in
            ["id": .string(try request.parameter("id"))]
        },
        .get(
            "/list", "Answers with the page.", in: "Probe", .open, query: QueryParameter.page,
            .page(of: Shape<Int>("Number", [.integer("number", \.self)]))
        ) { request in
            let page = try request.page()
            let from = page.after.flatMap { Int($0.text) } ?? 0
            return Listing(Array(from..<(from + page.limit + 1)), page) { Cursor("\($0 + 1)") }
        },
        .json(.post, "/echo", "Answers with the body.", in: "Probe", .open, takes: Echo.self, .json("Plain", anything))
        {
            _, body in ["value": body.json]
        },
        .action(.post, "/act", "Does something.", in: "Probe", .open, .nothing) { _ in },
        .get("/where", "Answers with an address.", in: "Probe", .open, query: [], .raw(.ok, "text/plain")) { request in
            Answer(
                .ok, .bytes([], type: "text/plain"),
                headers: [.location: try request.query("to", .any)?.string ?? ""])
        },
        .get("/projects/{project}", "Needs to read.", in: "Probe", .project(read), .json("Plain", anything)) { _ in
            ["read": true]
        },
        .action(.post, "/projects/{project}/write", "Needs to write.", in: "Probe", .project(write), .nothing) { _ in },
        .get(
            "/page", "A state with a tag.", in: "Probe", .open,
            .tagged(Shape<String>("State", [.text("state", \.self)])) { EntityTag($0) }
        ) { _ in "first" },
        .action(.put, "/page", "Changes it.", in: "Probe", .open, .nothing) { request in
            try request.requireMatch(EntityTag("first"), current: ["state": "first"])
        },
    ]
}
