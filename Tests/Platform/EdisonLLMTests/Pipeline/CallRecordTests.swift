import EdisonCore
import EdisonSQL
import EdisonTestKit
import Synchronization
import Testing

@testable import EdisonLLM

@Suite("The record of a call", .timeLimit(.minutes(3)))
struct CallRecordTests {
    @Test("says what it was for, what it used, and how it went", arguments: TestDatabase.allCases)
    func record(_ kind: TestDatabase) async throws {
        let usage = TokenUsage(input: 30, cacheRead: 12, cacheWrite: 3, output: 20, reasoning: 8)
        try await PipelineFixture.on(kind) { request in
            if request.index == 0 { return .refusal(503) }
            try? await Task.sleep(for: .milliseconds(30))
            return .answer("cut", usage: usage, model: "m-2026", finish: "length")
        } _: { fixture in
            let call = ModelCall(
                key: CallKey(scope: "run", purpose: .refine, parts: ["1"]), reference: fixture.reference(),
                request: ModelRequest(model: "m", messages: [.user("Hello")]), budgets: [],
                tags: ["version": "v1", "variant": ["temperature": 0.5]])
            let result = try await fixture.calls().perform(call)
            #expect(result.latency >= .milliseconds(30))
            #expect(result.attempts == 2)

            let row = try await fixture.row("SELECT * FROM model_call")
            #expect(try row.string("call_key") == call.key.text)
            #expect(try row.string("scope") == "run")
            #expect(try row.string("purpose") == "refine")
            #expect(try row.string("status") == "answered")
            #expect(try row.string("provider") == "openai-compatible")
            #expect(try row.string("credential") == "c1")
            #expect(try row.string("model") == "m")
            #expect(try row.string("served_by") == "m-2026")
            #expect(try row.string("finish_reason") == "length")
            #expect(try row.int("input_tokens") == 30)
            #expect(try row.int("output_tokens") == 20)
            #expect(try row.optionalMoney("cost_nano") == result.cost)
            #expect(try row.bool("price_known"))
            #expect(try !row.bool("cached"))
            #expect(try row.int("attempts") == 2)
            #expect(try row.int("latency_us") >= 30_000)
            #expect(try row.json("tags") == ["version": "v1", "variant": ["temperature": 0.5]])
            #expect(try row.timestamp("finished_at") >= row.timestamp("created_at"))
            #expect(try row.json("answer")["text"] == "cut")

            let attempts = try await fixture.rows("SELECT * FROM model_attempt ORDER BY sent_at, id")
            #expect(try attempts.map { try $0.optionalInt("http_status") } == [503, 200])
            #expect(try attempts[0].json("failure")["kind"] == "overloaded")
            #expect(try attempts[0].money("cost_nano") == .zero)
            #expect(try attempts[1].int("cache_read_tokens") == 12)
            #expect(try attempts[1].int("cache_write_tokens") == 3)
            #expect(try attempts[1].int("reasoning_tokens") == 8)
            #expect(try attempts[1].timestamp("settled_at") >= attempts[1].timestamp("sent_at"))
        }
    }

    @Test("holds no key, whatever the provider says", arguments: TestDatabase.allCases)
    func secret(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            WireReply(
                status: 401, body: #"{"error": {"message": "Bad key \#(request.key)", "code": "\#(request.key)"}}"#)
        } _: { fixture in
            let result = try await fixture.calls().perform(fixture.call("a"))
            #expect(result.failure?.kind == .refusedKey)
            let calls = try await fixture.row("SELECT failure FROM model_call").string("failure")
            let attempts = try await fixture.row("SELECT failure FROM model_attempt").string("failure")
            #expect(!(calls + attempts).contains("key-c1"))
        }
    }

    @Test("each call that ends is told, once", arguments: TestDatabase.allCases)
    func events(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            $0.text == "no" ? .refusal(400) : .answer("yes")
        } _: { fixture in
            let heard = Mutex<[CallEvent]>([])
            let calls = fixture.calls { event in heard.withLock { $0.append(event) } }
            _ = try await calls.perform(fixture.call("a", caching: .on))
            _ = try await calls.perform(fixture.call("b", caching: .on))
            _ = try await calls.perform(fixture.call("a", caching: .on))
            _ = try await calls.perform(fixture.call("c", "no"))
            let results = heard.withLock { $0 }.map(\.result)
            #expect(results.map(\.cached) == [false, true, false, false])
            #expect(results.map(\.replayed) == [false, false, true, false])
            #expect(results.map { $0.failure?.status } == [nil, nil, nil, 400])
            #expect(heard.withLock { $0 }.allSatisfy { $0.purpose == .execute })
        }
    }

    @Test("totals are by purpose", arguments: TestDatabase.allCases)
    func totals(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            $0.text == "no" ? .refusal(400) : .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            for (n, purpose) in [CallPurpose.execute, .execute, .judge, .summary].enumerated() {
                let call = ModelCall(
                    key: CallKey(scope: "run", purpose: purpose, parts: ["\(n)"]), reference: fixture.reference(),
                    request: ModelRequest(model: "m", messages: [.user(n == 1 ? "no" : "\(n)")]), budgets: [])
                _ = try await calls.perform(call)
            }
            let totals = try await calls.totals(scope: "run")
            #expect(totals.callsJSON == ["execute": 2, "judge": 1, "refine": 0, "summary": 1])
            #expect(totals.count == 4)
            #expect(totals.cost == Money(nanodollars: 315_000))
            #expect(totals.costs.map(\.cost.nanodollars) == [105_000, 105_000, 105_000])
            #expect(totals.inputTokens == 30)
            #expect(totals.outputTokens == 15)
            #expect(try await calls.totals(scope: "nobody").cost == .zero)
        }
    }
}
