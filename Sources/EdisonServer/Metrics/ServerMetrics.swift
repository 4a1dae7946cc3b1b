import EdisonEvents
import EdisonJobs
import EdisonSQL
import EdisonWeb
import Synchronization

/// What the server tells Prometheus: its requests, and how jobs, workers, streams, model calls and database stand.
final class ServerMetrics: Sendable {
    /// So often it asks the database, however often it is asked itself.
    private static let fresh: Duration = .seconds(5)

    private let requests: RequestMeter
    private let calls: CallMeter
    private let database: Database
    private let queue: JobQueue
    private let logs: [EventLog]
    private let last = Mutex<(at: ContinuousClock.Instant, metrics: [Metric])?>(nil)

    /// - Parameter logs: those whose followers are open streams.
    init(requests: RequestMeter, calls: CallMeter, database: Database, queue: JobQueue, logs: [EventLog]) {
        self.requests = requests
        self.calls = calls
        self.database = database
        self.queue = queue
        self.logs = logs
    }

    func text() async -> String {
        let metrics = await queueMetrics() + [streams] + calls.metrics + sessions(await database.load())
        return requests.text + metrics.map(\.text).joined()
    }

    private var streams: Metric {
        Metric(
            "edison_event_streams", .gauge, "Streams of events that somebody reads just now.",
            Double(logs.reduce(0) { $0 + $1.followers }))
    }

    private func sessions(_ load: DatabaseLoad) -> [Metric] {
        [
            Metric(
                "edison_database_sessions", .gauge, "Sessions of the database that this process holds.",
                [
                    .init(labels: [("state", "busy")], value: Double(load.busy)),
                    .init(labels: [("state", "idle")], value: Double(load.idle)),
                ]),
            Metric(
                "edison_database_waiting", .gauge, "Transactions of this process that wait for a session.",
                Double(load.waiting)),
        ]
    }

    /// Without values while the database does not answer: the rest is then wanted most.
    private func queueMetrics() async -> [Metric] {
        if let last = last.withLock(\.self), last.at.duration(to: .now) < Self.fresh { return last.metrics }
        let kinds = (try? await queue.kinds()) ?? []
        let workers = try? await WorkerRegister(queue).workers()
        let metrics = [
            Metric(
                "edison_jobs", .gauge, "Jobs in the queue, by kind and status.",
                kinds.flatMap { kind in
                    JobStatus.allCases.map { status in
                        Metric.Sample(
                            labels: [("kind", kind.kind.name), ("status", status.rawValue)],
                            value: Double(kind.count(status)))
                    }
                }),
            Metric(
                "edison_job_oldest_waiting_seconds", .gauge, "How long the job has waited that has waited longest.",
                kinds.map { .init(labels: [("kind", $0.kind.name)], value: ($0.waited ?? .zero) / .seconds(1)) }),
            Metric(
                "edison_workers", .gauge, "Workers of all processes that live.",
                workers.map { [.init(labels: [], value: Double($0.count(where: \.isAlive)))] } ?? []),
        ]
        last.withLock { $0 = (.now, metrics) }
        return metrics
    }
}
