import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonLLM

@Suite("The stored outcome of a call", .timeLimit(.minutes(3)))
struct StoredOutcomeTests {
    @Test("the same call asked twice makes one request", arguments: TestDatabase.allCases)
    func twice(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            .answer("answer \($0.index)")
        } _: { fixture in
            let calls = fixture.calls()
            let first = try await calls.perform(fixture.call("a"))
            let second = try await calls.perform(fixture.call("a"))
            #expect(first.text == "answer 0")
            #expect(!first.replayed)
            #expect(second.text == "answer 0")
            #expect(second.replayed)
            #expect(second.cost == first.cost)
            #expect(second.response == first.response)
            #expect(second.attempts == 1)
            #expect(fixture.server.requests.count == 1)
            #expect(try await calls.perform(fixture.call("b")).text == "answer 1")
        }
    }

    @Test("what is stored is answered when the budget is used up", arguments: TestDatabase.allCases)
    func usedUp(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("stored")
        } _: { fixture in
            // One process throughout: for it the scope had no call when it first asked.
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: nil, tokens: nil, calls: 1)
            _ = try await calls.perform(fixture.call("a", budgets: [budget]))
            await #expect(throws: EdisonError.self) {
                try await calls.perform(fixture.call("b", budgets: [budget]))
            }
            let again = try await calls.perform(fixture.call("a", budgets: [budget]))
            #expect(again.text == "stored" && again.replayed)
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test("a request refused in a scope that was empty stays refused", arguments: TestDatabase.allCases)
    func refusedInOneProcess(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .refusal(400)
        } _: { fixture in
            let calls = fixture.calls()
            let first = try await calls.perform(fixture.call("a"))
            let second = try await calls.perform(fixture.call("a"))
            #expect(second.replayed && second.failure?.kind == first.failure?.kind)
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test("the same call asked by many at once makes one request", arguments: TestDatabase.allCases)
    func atOnce(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { request in
            await gate.pass()
            return .answer("answer \(request.index)")
        } _: { fixture in
            let calls = fixture.calls()
            let tasks = (0..<16).map { _ in Task { try await calls.perform(fixture.call("a")) } }
            try await eventually("the request") { await gate.held == 1 }
            try await settle()
            await gate.open()
            var results: [CallResult] = []
            for task in tasks { results.append(try await task.value) }
            #expect(Set(results.map(\.text)) == ["answer 0"])
            #expect(results.count { !$0.replayed } == 1)
            #expect(fixture.server.requests.count == 1)
            #expect(try await calls.totals(scope: "run").count == 1)
        }
    }

    @Test("after a crash the stored answer comes back, and is paid for once", arguments: TestDatabase.allCases)
    func crash(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind, processes: 2) { _ in
            .answer("ä\u{1F600}\n\"x\"")
        } _: { fixture in
            let before = fixture.calls()
            let budget = try await before.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let first = try await before.perform(fixture.call("a", budgets: [budget]))

            let after = fixture.calls(process: 1)
            #expect(try await after.recover(scope: "run") == 0)
            let second = try await after.perform(fixture.call("a", budgets: [budget]))
            #expect(second.replayed)
            #expect(second.response == first.response)
            #expect(second.text == "ä\u{1F600}\n\"x\"")
            #expect(second.usage == TokenUsage(input: 10, output: 5))
            #expect(second.cost == Money(nanodollars: 105_000))
            #expect(fixture.server.requests.count == 1)
            #expect(try await after.totals(scope: "run").cost == Money(nanodollars: 105_000))
            #expect(try await fixture.budget(budget) == BudgetState(spent: second.cost!, spentTokens: 15, calls: 1))
        }
    }

    @Test("an answer with tools and thinking comes back whole", arguments: TestDatabase.allCases)
    func whole(_ kind: TestDatabase) async throws {
        let message: JSONValue = [
            "role": "assistant", "content": nil, "reasoning_content": "hm…",
            "tool_calls": [
                ["id": "c1", "type": "function", "function": ["name": "look", "arguments": "{\"at\": 1"]],
                ["id": "c2", "type": "function", "function": ["name": "look", "arguments": ""]],
            ],
        ]
        let body: JSONValue = [
            "id": "chat-7", "model": "m-2", "choices": [["message": message, "finish_reason": "tool_calls"]],
            "usage": [
                "prompt_tokens": 9, "completion_tokens": 8, "prompt_tokens_details": ["cached_tokens": 3],
                "completion_tokens_details": ["reasoning_tokens": 2],
            ],
        ]
        try await PipelineFixture.on(kind) { _ in
            WireReply(body: body.text())
        } _: { fixture in
            let first = try await fixture.calls().perform(fixture.call("a"))
            let second = try await fixture.calls().perform(fixture.call("a"))
            #expect(second.replayed)
            #expect(second.response == first.response)
            #expect(second.response?.toolCalls.map(\.id) == ["c1", "c2"])
            #expect(second.response?.reasoning == "hm…")
            #expect(second.response?.finishReason == .toolCalls)
            #expect(second.usage == TokenUsage(input: 9, cacheRead: 3, output: 8, reasoning: 2))
        }
    }

    @Test("a failure that may pass is asked again under the same key", arguments: TestDatabase.allCases)
    func askedAgain(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            $0.index < 2 ? .refusal(503) : .answer("back")
        } _: { fixture in
            let first = try await fixture.calls(retry: .quick(tries: 2)).perform(fixture.call("a"))
            #expect(first.failure?.kind == .overloaded)
            #expect(first.attempts == 2)
            #expect(try await fixture.row("SELECT status FROM model_call").string("status") == "failed")

            let second = try await fixture.calls().perform(fixture.call("a"))
            #expect(second.text == "back")
            #expect(second.attempts == 3)
            let row = try await fixture.row("SELECT * FROM model_call")
            #expect(try row.string("status") == "answered")
            #expect(try row.optionalString("failure") == nil)
            #expect(try await fixture.attempts() == ["settled", "settled", "settled"])
        }
    }

    @Test("a request that the provider refuses stays refused", arguments: TestDatabase.allCases, [400, 413, 422])
    func refused(_ kind: TestDatabase, status: Int) async throws {
        try await PipelineFixture.on(kind) { _ in
            .refusal(status)
        } _: { fixture in
            let first = try await fixture.calls().perform(fixture.call("a"))
            let second = try await fixture.calls().perform(fixture.call("a"))
            #expect(second.replayed)
            #expect(second.failure?.kind == first.failure?.kind)
            #expect(second.failure?.status == status)
            #expect(second.cost == .zero)
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test(
        "a refused key is asked again, since it may be corrected", arguments: TestDatabase.allCases,
        [401, 402, 403, 404])
    func corrected(_ kind: TestDatabase, status: Int) async throws {
        try await PipelineFixture.on(kind) {
            $0.index == 0 ? .refusal(status) : .answer("in")
        } _: { (fixture) async throws in
            #expect(try await fixture.calls().perform(fixture.call("a")).failure?.status == status)
            #expect(try await fixture.calls().perform(fixture.call("a")).text == "in")
        }
    }

    @Test("keys are told apart by every part of them")
    func keys() {
        let base = CallKey(scope: "r", purpose: .judge, parts: ["a", "b"])
        let others = [
            CallKey(scope: "q", purpose: .judge, parts: ["a", "b"]),
            CallKey(scope: "r", purpose: .execute, parts: ["a", "b"]),
            CallKey(scope: "r", purpose: .judge, parts: ["ab"]),
            CallKey(scope: "r", purpose: .judge, parts: ["b", "a"]),
            CallKey(scope: "r", purpose: .judge, parts: ["a", "b", ""]), base.appending("0"),
        ]
        #expect(Set(([base] + others).map(\.text)).count == 7)
        #expect(CallKey(scope: "r", purpose: .judge, parts: ["a", "b"]).text == base.text)
    }
}
