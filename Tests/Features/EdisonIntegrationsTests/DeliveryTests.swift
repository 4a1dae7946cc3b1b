import EdisonCore
import EdisonEvents
import EdisonJobs
import EdisonLLM
import EdisonSQL
import EdisonSecrets
import EdisonTestKit
import Synchronization
import Testing

@testable import EdisonIntegrations

@Suite("Messages to webhooks", .timeLimit(.minutes(3)))
struct DeliveryTests {
    private typealias Fixture = IntegrationsFixture

    /// Answers with these statuses, one after the other; with the last one from then on.
    private static func answering(
        _ statuses: Int..., headers: [(String, String)] = []
    ) -> @Sendable (WireServer.Request) -> WireServer.Reply {
        let left = Mutex(statuses)
        return { _ in
            let status = left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            return WireServer.Reply(status: status, headers: status < 300 ? [] : headers, "said \(status)")
        }
    }

    @Test("what is announced waits with its job, and arrives signed", arguments: TestDatabase.allCases)
    func arrives(_ kind: TestDatabase) async throws {
        try await Fixture.with(kind, answering: Self.answering(204)) { fixture in
            let (webhook, secret) = try await fixture.webhook()
            try await fixture.announce()
            #expect(try await fixture.waitingJobs().count == 1)
            try await fixture.attemptAll(of: webhook)
            let request = try #require(fixture.receiver.requests.first)
            let message = try #require(try await fixture.messages(of: webhook).first)
            #expect(message.status == .delivered && message.attempts == 1 && message.finishedAt != nil)
            #expect(request.method == "POST" && request.target == "/hook")
            #expect(request.header("content-type") == "application/json")
            let body = String(decoding: request.body, as: UTF8.self)
            let expected = try StandardWebhook.headers(
                id: message.id.text, at: fixture.clock.now, body: body, secrets: [try #require(secret)])
            #expect(expected.map { request.header($0.0) } == expected.map(\.1))
            let json = try JSONValue(parsing: body)
            #expect(json["type"] == "budget.threshold_reached" && json["data"]?["threshold"]?.double == 0.8)
        }
    }

    @Test(
        "one that fails is tried again with the same id, as late as the receiver asks", arguments: TestDatabase.allCases
    )
    func retries(_ kind: TestDatabase) async throws {
        try await Fixture.with(
            kind, answering: Self.answering(500, 429, 200, headers: [("retry-after", "900")])
        ) { fixture in
            let (webhook, _) = try await fixture.webhook()
            try await fixture.announce()
            try await fixture.attemptAll(of: webhook)
            var message = try #require(try await fixture.messages(of: webhook).first)
            let first = try #require(message.nextAttemptAt).duration(since: fixture.clock.now)
            #expect((Duration.seconds(5)...Duration.seconds(5.5)).contains(first))
            try await fixture.attemptAll(of: webhook)
            message = try #require(try await fixture.messages(of: webhook).first)
            #expect(try #require(message.nextAttemptAt).duration(since: fixture.clock.now) >= .seconds(900))
            try await fixture.attemptAll(of: webhook)
            let (ended, log) = try await fixture.deliveries.delivery(message.id)
            #expect(ended.status == .delivered && ended.attempts == 3)
            #expect(log.map(\.status) == [500, 429, 200])
            #expect(log.map { $0.error == nil } == [false, false, true])
            #expect(log[0].answer == "said 500")
            let ids = fixture.receiver.requests.map { $0.header("webhook-id") }
            #expect(Set(ids) == [message.id.text])
            let times = Set(fixture.receiver.requests.map { $0.header("webhook-timestamp") })
            #expect(times.count == 3, "each attempt has its own time")
        }
    }

    @Test("one that never arrives is given up after ten attempts, and its webhook is switched off")
    func givenUp() async throws {
        try await Fixture.with(.sqlite, answering: Self.answering(500)) { fixture in
            let (webhook, _) = try await fixture.webhook()
            try await fixture.announce()
            for _ in 0..<12 { try await fixture.attemptAll(of: webhook) }
            let message = try #require(try await fixture.messages(of: webhook).first)
            #expect(message.status == .failed && message.attempts == 10)
            let after = try await fixture.webhooks.webhook(webhook.id)
            #expect(!after.isActive && after.fault?.contains("10 attempts") == true)
            try await fixture.announce()
            #expect(try await fixture.messages(of: webhook).count == 1)
        }
    }

    @Test(
        "a receiver that is gone is switched off at once",
        arguments: [(WebhookKind.webhook, 410), (.slack, 404), (.slack, 410)], TestDatabase.allCases)
    func gone(_ receiver: (WebhookKind, Int), _ kind: TestDatabase) async throws {
        try await Fixture.with(kind, answering: Self.answering(receiver.1)) { fixture in
            let (webhook, _) = try await fixture.webhook(receiver.0)
            try await fixture.announce()
            try await fixture.attemptAll(of: webhook)
            #expect(try await fixture.messages(of: webhook).first?.status == .failed)
            #expect(try await !fixture.webhooks.webhook(webhook.id).isActive)
            let entries = try await fixture.database.read { db in
                try db.fetch("SELECT action FROM audit_entry WHERE action = 'webhook.disabled'")
            }
            #expect(entries.count == 1)
            // Switched on again, it is as new.
            let back = try await fixture.webhooks.change(webhook.id, WebhookWish(isActive: true), by: Fixture.actor)
            #expect(back.isActive && back.fault == nil)
        }
    }

    @Test("what Slack does not understand is not sent twice; what it has no time for is")
    func slack() async throws {
        try await Fixture.with(.sqlite, answering: Self.answering(400, 500, 200)) { fixture in
            let (webhook, secret) = try await fixture.webhook(.slack)
            #expect(secret == nil)
            try await fixture.announce()
            try await fixture.attemptAll(of: webhook)
            #expect(try await fixture.messages(of: webhook).first?.status == .failed)
            #expect(try await fixture.webhooks.webhook(webhook.id).isActive)
            try await fixture.announce()
            try await fixture.attemptAll(of: webhook)
            try await fixture.attemptAll(of: webhook)
            #expect(try await fixture.messages(of: webhook).first?.status == .delivered)
            let request = try #require(fixture.receiver.requests.last)
            #expect(request.header("webhook-signature") == nil)
            let json = try JSONValue(parsing: request.body)
            #expect(json["text"]?.string?.hasPrefix("80 % of a budget is used") == true && json["blocks"] != nil)
        }
    }

    @Test(
        "a project's webhook hears of its project alone, an organization's of everything",
        arguments: TestDatabase.allCases)
    func places(_ kind: TestDatabase) async throws {
        try await Fixture.with(kind, answering: Self.answering(200)) { fixture in
            let (all, _) = try await fixture.webhook()
            let (one, _) = try await fixture.webhook(project: Fixture.project)
            try await fixture.announce(in: nil)
            try await fixture.announce(in: ProjectID("another"))
            try await fixture.announce(in: Fixture.project)
            #expect(try await fixture.messages(of: all).count == 3)
            #expect(try await fixture.messages(of: one).count == 1)
            _ = try await fixture.webhooks.change(one.id, WebhookWish(isActive: false), by: Fixture.actor)
            try await fixture.announce(in: Fixture.project)
            #expect(try await fixture.messages(of: one).count == 1)
            // What waits for one that was switched off is not sent.
            try await fixture.attemptAll(of: one)
            #expect(fixture.receiver.requests.isEmpty)
            #expect(try await fixture.messages(of: one).first?.status == .failed)
        }
    }

    @Test("what is undone is not told")
    func undone() async throws {
        struct Undone: Error {}
        try await Fixture.with(.sqlite, answering: Self.answering(200)) { fixture in
            let (webhook, _) = try await fixture.webhook()
            await #expect(throws: Undone.self) {
                try await fixture.database.write { db in
                    try fixture.deliveries.outbox.take(
                        .init(
                            .budgetThresholdReached, of: Fixture.organization, at: .now, title: "", sentence: "",
                            facts: [], data: .null), db)
                    throw Undone()
                }
            }
            #expect(try await fixture.messages(of: webhook).isEmpty)
            #expect(try await fixture.waitingJobs().isEmpty)
        }
    }

    @Test("an answer that is lost is asked for again; one that is stored is not sent again")
    func stored() async throws {
        try await Fixture.with(.sqlite, answering: Self.answering(200)) { fixture in
            let (webhook, _) = try await fixture.webhook()
            try await fixture.announce()
            let message = try #require(try await fixture.messages(of: webhook).first)
            await #expect(throws: CancellationError.self) {
                try await fixture.deliveries.attempt(message.id) { _ in throw CancellationError() }
            }
            #expect(try await fixture.messages(of: webhook).first?.attempts == 0)
            for _ in 0..<3 { try await fixture.deliveries.attempt(message.id) { _ in } }
            #expect(fixture.receiver.requests.count == 2)
            #expect(try await fixture.deliveries.delivery(message.id).1.count == 1)
        }
    }

    @Test("a trial is one attempt, also of a webhook that is switched off; a message can be sent again by hand")
    func byHand() async throws {
        try await Fixture.with(.sqlite, answering: Self.answering(500, 200)) { fixture in
            let (webhook, _) = try await fixture.webhook()
            let (failed, log) = try await fixture.deliveries.test(webhook.id, by: Fixture.actor)
            #expect(failed.status == .failed && log.map(\.status) == [500])
            #expect(try await fixture.webhooks.webhook(webhook.id).isActive)
            let (again, _) = try await fixture.deliveries.resend(failed.id, by: Fixture.actor)
            #expect(again.status == .waiting)
            await #expect(throws: EdisonError.self) {
                try await fixture.deliveries.resend(failed.id, by: Fixture.actor)
            }
            try await fixture.attemptAll(of: webhook)
            #expect(try await fixture.deliveries.delivery(failed.id).0.status == .delivered)
            #expect(Set(fixture.receiver.requests.map { $0.header("webhook-id") }).count == 1)
        }
    }

    @Test("private addresses are refused where the server may not ask them, also when the name led elsewhere before")
    func addresses() async throws {
        try await Fixture.with(.sqlite, addresses: .publicOnly, answering: Self.answering(200)) { fixture in
            do {
                _ = try await fixture.webhook()
                Issue.record("it was taken")
            } catch let error as EdisonError { #expect(error.issues.first?.path == "url") }
        }
        try await Fixture.with(
            .sqlite, addresses: .publicOnly(by: { _ in [] }), answering: Self.answering(200)
        ) { fixture in
            let (webhook, _) = try await fixture.webhook()
            try await fixture.announce()
            try await fixture.attemptAll(of: webhook)
            let message = try #require(try await fixture.messages(of: webhook).first)
            let (_, log) = try await fixture.deliveries.delivery(message.id)
            #expect(log.count == 1 && log[0].status == nil)
            #expect(fixture.receiver.requests.isEmpty)
        }
    }

    @Test("what no key opens is told with the attempt, tried again, and arrives when the key is back")
    func unreadable() async throws {
        try await Fixture.with(.sqlite, answering: Self.answering(200)) { fixture in
            let (webhook, _) = try await fixture.webhook()
            try await fixture.announce()
            let message = try #require(try await fixture.messages(of: webhook).first)
            let other = WebhookService(
                database: fixture.database,
                box: try SecretBox(keys: [SealingKey(bytes: Array(repeating: 2, count: 32))]),
                addresses: .anywhere)
            try await DeliveryService(webhooks: other, outbox: fixture.deliveries.outbox, transport: HTTPTransport())
                .attempt(message.id) { _ in }
            let (waiting, log) = try await fixture.deliveries.delivery(message.id)
            #expect(waiting.status == .waiting && log.count == 1)
            #expect(log[0].error?.contains("sealed with another key") == true)
            try await fixture.attemptAll(of: webhook)
            #expect(try await fixture.deliveries.delivery(message.id).0.status == .delivered)
        }
    }

    @Test("what a dead worker has left behind is taken up again, and a trial that it interrupted has failed")
    func sweep() async throws {
        try await Fixture.with(.sqlite, answering: Self.answering(200)) { fixture in
            let (webhook, _) = try await fixture.webhook()
            try await fixture.announce()
            let message = try #require(try await fixture.messages(of: webhook).first)
            #expect(try await fixture.deliveries.sweep() == 0, "it is due, and not overdue")
            await #expect(throws: EdisonError.self) {
                try await fixture.deliveries.resend(message.id, by: Fixture.actor)
            }
            try await fixture.database.write { db in try db.execute("DELETE FROM job") }
            fixture.clock.set(fixture.clock.now.advanced(by: .seconds(3_600)))
            #expect(try await fixture.deliveries.sweep() == 1)
            #expect(try await fixture.waitingJobs().count == 1)
            #expect(try await fixture.deliveries.sweep() == 0)
            try await fixture.attemptAll(of: webhook)
            #expect(try await fixture.deliveries.delivery(message.id).0.status == .delivered)
        }
    }

    @Test("of an answer without end the beginning is read")
    func endless() async throws {
        let reply = WireServer.Reply(chunks: [Array(repeating: UInt8(65), count: 10_000)], ending: .silence)
        try await Fixture.with(.sqlite, answering: { _ in reply }) { fixture in
            let (webhook, _) = try await fixture.webhook()
            let (delivered, log) = try await fixture.deliveries.test(webhook.id, by: Fixture.actor)
            #expect(delivered.status == .delivered && log[0].answer.utf8.count == 1_024)
        }
    }

    @Test("redirects are not followed")
    func redirects() async throws {
        try await Fixture.with(
            .sqlite, answering: Self.answering(302, headers: [("location", "/elsewhere")])
        ) { fixture in
            let (webhook, _) = try await fixture.webhook()
            let (_, log) = try await fixture.deliveries.test(webhook.id, by: Fixture.actor)
            #expect(log[0].error?.contains("redirects") == true)
            #expect(fixture.receiver.requests.map(\.target) == ["/hook"])
        }
    }

    @Test(
        "neither address nor secret is stored readable or written to the log of changes",
        arguments: TestDatabase.allCases)
    func secrets(_ kind: TestDatabase) async throws {
        try await Fixture.with(kind, answering: Self.answering(200)) { fixture in
            let planted = "/services/T0/B0/planted-0123456789abcdefghij"
            let (webhook, secret) = try await fixture.webhook(path: planted)
            _ = try await fixture.webhooks.change(
                webhook.id, WebhookWish(url: fixture.receiver.url + planted + "k"), by: Fixture.actor)
            _ = try await fixture.webhooks.rotate(webhook.id, by: Fixture.actor)
            try await fixture.announce()
            try await fixture.attemptAll(of: webhook)
            let key = try #require(secret).dropFirst(6)
            let tables: [SQL] = [
                "SELECT * FROM webhook", "SELECT * FROM webhook_delivery", "SELECT * FROM webhook_attempt",
                "SELECT * FROM audit_entry", "SELECT * FROM job",
            ]
            for table in tables {
                let rows = try await fixture.database.read { db in try db.fetch(table) }
                let text = rows.map { "\($0)" }.joined()
                #expect(!rows.isEmpty && !text.contains("planted") && !text.contains(key), "\(table)")
            }
            let signature = try #require(fixture.receiver.requests.last?.header("webhook-signature"))
            #expect(signature.split(separator: " ").count == 2, "old and new secret sign for a day")
            fixture.clock.set(fixture.clock.now.advanced(by: .seconds(90_000)))
            try await fixture.announce()
            try await fixture.attemptAll(of: webhook)
            let later = try #require(fixture.receiver.requests.last?.header("webhook-signature"))
            #expect(later.split(separator: " ").count == 1)
        }
    }
}
