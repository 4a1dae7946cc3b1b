import EdisonCore
import EdisonEvents
import EdisonSQL
import EdisonSecrets
import EdisonTestKit
import EdisonWeb
import HTTPTypes
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// A real server on a free port with one endpoint: the events of a stream.
struct StreamServer {
    let log: EventLog
    let database: Database
    let port: Int
    let group: ServiceGroup
    let readers: StreamReaders

    static func on(
        _ kind: TestDatabase, heartbeat: Duration = .seconds(15), _ use: (StreamServer) async throws -> Void
    ) async throws {
        try await kind.migrated { database in
            let log = EventLog(database: database)
            let endpoint = Endpoint.get(
                "/streams/{name}/events", "Follows a stream.", in: "Test", .open, .raw(.ok, "text/event-stream")
            ) { request in
                try Answer.events(
                    log, EventStream(try request.parameter("name")), request, heartbeat: heartbeat,
                    isLast: { $0.kind == .ended })
            }
            var settings = WebSettings()
            settings.anonymousRequestsPerMinute = nil
            let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let service = APIService(
                routes: RouteTable([endpoint]), access: Strangers(), settings: settings,
                repeats: RepeatedRequests(
                    database: database, box: try SecretBox(keys: [SealingKey(bytes: RandomToken.bytes(32))])),
                meter: RequestMeter(), log: quiet)
            let (ports, continuation) = AsyncStream<Int>.makeStream()
            let web = WebServer(service, host: "127.0.0.1", port: 0, log: quiet) { continuation.yield($0) }
            let group = ServiceGroup(services: [web], logger: quiet)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                var iterator = ports.makeAsyncIterator()
                let port = await iterator.next() ?? 0
                let readers = StreamReaders(port: port)
                defer { readers.end() }
                try await use(
                    StreamServer(log: log, database: database, port: port, group: group, readers: readers))
                let began = ContinuousClock.now
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                #expect(began.duration(to: .now) < .seconds(5))
            }
        }
    }

    func record(_ count: Int, in stream: String = "one", size: Int = 0, kind: EventKind = .counted) async throws {
        let payload: JSONValue = ["text": .string(String(repeating: "x", count: size))]
        for start in stride(from: 0, to: count, by: 50) {
            try await database.write { db in
                for _ in start..<min(start + 50, count) {
                    try log.record(kind, payload, in: EventStream(stream), db)
                }
            }
        }
    }
}

extension EventKind {
    static let counted: EventKind = "counted"
    static let ended: EventKind = "ended"
}

/// Knows nobody: the endpoint of these tests is open.
private struct Strangers: AccessControl {
    func principal(of credentials: Credentials) async throws -> Principal { .anonymous }
    func place(of target: AccessTarget, for principal: Principal) async throws -> Place? { nil }
    func organizations(of principal: Principal) async throws -> [Place] { [] }
}
