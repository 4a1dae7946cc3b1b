import EdisonCore
import EdisonEvents
import EdisonJobs
import EdisonLLM
import EdisonSQL
import EdisonSchema
import EdisonSecrets
import EdisonTestKit
import Synchronization
import Testing

@testable import EdisonIntegrations

/// The whole feature on a database, and a receiver that answers as a test wants.
struct IntegrationsFixture: Sendable {
    static let organization = OrganizationID(LocalTenant.organization)
    static let project = ProjectID(LocalTenant.project)
    static let actor = Actor(organization: organization, project: project, request: "test")

    let database: Database
    let receiver: WireServer
    let queue: JobQueue
    let clock: Clock
    let webhooks: WebhookService
    let deliveries: DeliveryService

    final class Clock: Sendable {
        private let moment = Mutex(Timestamp.now)
        var now: Timestamp { moment.withLock { $0 } }
        func set(_ next: Timestamp) { moment.withLock { $0 = next } }
    }

    static func with(
        _ kind: TestDatabase, addresses: AddressPolicy = .anywhere,
        answering answer: @escaping @Sendable (WireServer.Request) -> WireServer.Reply,
        _ use: @escaping @Sendable (IntegrationsFixture) async throws -> Void
    ) async throws {
        try await kind.empty { database in
            try await TestDatabase.migrate(database)
            try await WireServer.running(answer) { receiver in
                let transport = HTTPTransport(addresses: addresses)
                let clock = Clock()
                let box = try SecretBox(keys: [try SealingKey(bytes: Array(repeating: 1, count: 32))])
                let webhooks = WebhookService(
                    database: database, box: box, addresses: addresses, now: { clock.now })
                let queue = JobQueue(database: database)
                let fixture = IntegrationsFixture(
                    database: database, receiver: receiver, queue: queue, clock: clock, webhooks: webhooks,
                    deliveries: DeliveryService(
                        webhooks: webhooks, outbox: DeliveryOutbox(queue: queue), transport: transport))
                do { try await use(fixture) } catch {
                    await transport.shutdown()
                    throw error
                }
                await transport.shutdown()
            }
        }
    }

    func webhook(
        _ kind: WebhookKind = .webhook, path: String = "/hook", project: ProjectID? = nil
    ) async throws -> (webhook: Webhook, secret: String?) {
        try await webhooks.create(
            kind, name: "On call", url: receiver.url + path, events: NotificationKind.allCases, isActive: true,
            of: Self.organization, project: project, by: Self.actor)
    }

    func announce(in project: ProjectID? = project) async throws {
        let notification = Notification(
            .budgetThresholdReached, of: Self.organization, project: project, at: clock.now,
            title: "80 % of a budget is used", sentence: "The project's budget has reached 80 %.",
            facts: [("Used", "$0.80")], data: ["threshold": 0.8])
        try await database.write { db in try deliveries.outbox.take(notification, db) }
    }

    func messages(of webhook: Webhook) async throws -> [WebhookDelivery] {
        try await deliveries.list(of: webhook.id, PageRequest()).items
    }

    /// Has each waiting message tried once, at its time.
    func attemptAll(of webhook: Webhook) async throws {
        for message in try await messages(of: webhook) where message.status == .waiting {
            if let next = message.nextAttemptAt, next > clock.now { clock.set(next) }
            try await deliveries.attempt(message.id) { _ in }
        }
    }

    func waitingJobs() async throws -> [Job] {
        try await queue.jobs(JobFilter(status: .pending, kind: DeliveryJob.kind), PageRequest()).items
    }
}
