import EdisonCore
import EdisonLLM
import EdisonTestKit
import Foundation
import Testing

@testable import EdisonIntegrations

@Suite("How messages to webhooks are written")
struct WebhookMessageTests {
    private static func vectors() throws -> [JSONValue] {
        let file = FixtureFile.root.appendingPathComponent("wire/webhooks/standard-webhooks-vectors.json")
        return try #require(try JSONValue(parsing: Data(contentsOf: file))["vectors"]?.array)
    }

    @Test("signatures are those of the reference implementation, also of a body that is not ASCII")
    func signatures() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count >= 2)
        for vector in vectors {
            func text(_ name: String) throws -> String { try #require(vector[name]?.string) }
            let seconds = try #require(Int64(try text("webhook-timestamp")))
            let headers = try StandardWebhook.headers(
                id: text("webhook-id"), at: Timestamp(microseconds: seconds * 1_000_000 + 999_999), body: text("body"),
                secrets: [text("secret")])
            #expect(
                headers.map(\.1) == [try text("webhook-id"), "\(seconds)", try text("webhook-signature")])
        }
    }

    @Test("while a secret is replaced, both sign")
    func rotation() throws {
        let secrets = [UInt8(1), 2].map { StandardWebhook.makeSecret(Array(repeating: $0, count: 32)) }
        func signature(_ secrets: [String]) throws -> String {
            try #require(
                try StandardWebhook.headers(id: "m", at: Timestamp(microseconds: 0), body: "{}", secrets: secrets).last?
                    .1)
        }
        #expect(try signature(secrets) == "\(try signature([secrets[0]])) \(try signature([secrets[1]]))")
    }

    @Test("a message to Slack keeps its limits, and a name in it can ring nobody")
    func slack() throws {
        let message = SlackMessage(
            title: String(repeating: "t", count: 200),
            sentence: "<!channel> & *you* in " + String(repeating: "&", count: 3_000),
            facts: (0..<12).map { ("<\($0)>", "a > b") }
        ).json
        let blocks = try #require(message["blocks"]?.array)
        #expect(blocks[0]["text"]?["text"]?.string?.count == 150)
        let sentence = try #require(blocks[1]["text"]?["text"]?.string)
        #expect(sentence.hasPrefix("&lt;!channel&gt; &amp; *you*") && sentence.count <= 3_000)
        #expect(sentence.hasSuffix("&amp;…"), "cut inside an escape: \(sentence.suffix(12))")
        let fields = try #require(blocks[2]["fields"]?.array)
        #expect(fields.count == 10 && fields[3]["text"] == "*&lt;3&gt;*\na &gt; b")
        #expect(message["text"]?.string?.contains("<") == false)
    }

    @Test(
        "addresses are web addresses without a password, and only their ends are shown",
        arguments: [
            ("https://hooks.slack.com/services/T1/B1/0123456789abcdef3f9a", "https://hooks.slack.com/…3f9a"),
            ("http://127.0.0.1:9000/short", "http://127.0.0.1:9000/…"),
        ])
    func addresses(_ url: String, _ shown: String) throws {
        #expect(try WebhookAddress(url).shown == shown)
    }

    @Test(
        "what is no address is told",
        arguments: [
            "", "hooks.example.org", "ftp://a.b/c", "https://u:p@a.b/c", "https://a.b/c#d", "https:///x",
            "https://a b/",
        ])
    func faults(_ url: String) { #expect(throws: WebAddress.Fault.self) { try WebhookAddress(url) } }

    @Test(
        "a receiver's wait is a number of seconds, and a day at most",
        arguments: [
            ("0", 0), ("1.5", 1.5), ("inf", 86_400), ("1e300", 86_400), ("-1", nil), ("nan", nil), ("soon", nil),
        ] as [(String, Double?)])
    func receiversWait(_ text: String, _ seconds: Double?) {
        #expect(WebhookSender.wait(text) == seconds.map { .seconds($0) })
    }

    @Test("ten attempts within four days, later ones not before the receiver wants them")
    func schedule() {
        let waits = (1...10).map { DeliverySchedule.wait(after: $0, asked: nil, random: 0) }
        #expect(waits.last == .some(nil) && waits.dropLast().allSatisfy { $0 != nil })
        #expect(waits.compactMap(\.self).reduce(.zero, +) < .seconds(4 * 86_400))
        #expect(DeliverySchedule.wait(after: 1, asked: .seconds(60), random: 0) == .seconds(60))
        #expect(DeliverySchedule.wait(after: 1, asked: .seconds(1), random: 1) == .seconds(5.5))
        #expect(DeliverySchedule.wait(after: 1, asked: .seconds(1_000_000), random: 0) == .seconds(86_400))
    }
}
