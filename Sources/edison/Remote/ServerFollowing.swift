import EdisonCore
import EdisonExperiments
import Synchronization

/// Shows the course of an experiment of a server, as that of a run here, until nothing goes on in it.
///
/// A connection that breaks is made anew behind the last event, for as long as the server comes back within a minute.
final class ServerFollowing: Sendable {
    private static let patience = 30

    private let client: ServerClient
    private let view: RunView
    /// Events are numbered from 1 without a gap.
    private let position = Mutex(0)
    private let failure = Mutex<String?>(nil)

    init(_ client: ServerClient, _ view: RunView) {
        self.client = client
        self.view = view
    }

    /// Why it could not begin, in the server's words.
    var reason: String? { failure.withLock(\.self) }

    func untilRest(_ id: String) async throws -> ServerExperiment {
        try await withThrowingTaskGroup(of: ServerExperiment?.self) { group in
            defer { group.cancelAll() }
            if view.hasBar { group.addTask { [self] in try await count(id) } }
            group.addTask { [self] in try await follow(id) }
            while let found = try await group.next() { if let found { return found } }
            throw CancellationError()
        }
    }

    private func follow(_ id: String) async throws -> ServerExperiment {
        var broken = 0
        while true {
            do {
                let before = position.withLock(\.self)
                try await client.follow(id, after: before) { [self] kind, payload in heard(kind, payload) }
                var now = ServerExperiment(try await client.get("/experiments/\(id)"))
                if now.status == .paused, !now.waitsForPerson {
                    // On the way to being cancelled, or handed from one worker to another.
                    try await Task.sleep(for: .seconds(1))
                    now = ServerExperiment(try await client.get("/experiments/\(id)"))
                }
                if now.status != .running { return now }
                if position.withLock(\.self) > before { broken = 0 }
            } catch let error as EdisonError where error.code == .unavailable && broken < Self.patience {
                if broken == 0 { view.line("The connection to the server broke; trying again …") }
            }
            broken += 1
            try await Task.sleep(for: .seconds(broken == 1 ? 0.2 : 2))
        }
    }

    private func heard(_ kind: String, _ payload: JSONValue) {
        // A reader that was too far behind is told so, outside the numbers.
        if kind == "reset" { return }
        position.withLock { $0 += 1 }
        if let event = RunEvent(kind: kind, payload) { view.show(event) }
        if kind == "experiment:failed" { failure.withLock { $0 = payload["error"]?.string } }
    }

    /// Calls and cost for the counting line; never an answer.
    private func count(_ id: String) async throws -> ServerExperiment? {
        while true {
            if let now = (try? await client.get("/experiments/\(id)")).map(ServerExperiment.init) {
                view.counted(calls: now.calls, cost: now.spent)
            }
            try await Task.sleep(for: .seconds(1))
        }
    }
}
