import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Limits of a credential", .timeLimit(.minutes(3)))
struct RateLimitPipelineTests {
    private static func headers(remaining: Int, reset: String) -> [(String, String)] {
        [
            ("x-ratelimit-limit-requests", "1"), ("x-ratelimit-remaining-requests", "\(remaining)"),
            ("x-ratelimit-reset-requests", reset),
        ]
    }

    @Test("limits learned from headers make calls queue, and scopes take turns", arguments: TestDatabase.allCases)
    func learned(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            .answer("yes", headers: Self.headers(remaining: 0, reset: request.index == 0 ? "2500ms" : "20ms"))
        } _: { fixture in
            let calls = fixture.calls()
            _ = try await calls.perform(fixture.call("first", "first"))
            var tasks: [Task<CallResult, any Error>] = []
            for (scope, names) in [("large", ["a", "b", "c", "d"]), ("small", ["x", "y"])] {
                for name in names {
                    tasks.append(Task { try await calls.perform(fixture.call(name, name, scope: scope)) })
                    // So that they stand in the queue in this order.
                    try await Task.sleep(for: .milliseconds(40))
                }
            }
            // Nobody went before the reset; another credential has limits of its own.
            #expect(fixture.server.requests.count == 1)
            let other = fixture.reference(credential: "c2")
            _ = try await calls.perform(fixture.call("other", "other", to: other))
            for task in tasks { _ = try await task.value }
            #expect(
                fixture.server.requests.map(\.text) == ["first", "other", "a", "x", "b", "y", "c", "d"])
        }
    }

    @Test("limits that the person sets hold, and who is cancelled leaves the queue", arguments: TestDatabase.allCases)
    func set(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let reference = fixture.reference(settings: ["requests_per_minute": 2])
            for name in ["a", "b"] { _ = try await calls.perform(fixture.call(name, to: reference)) }
            let third = Task { try await calls.perform(fixture.call("c", to: reference)) }
            try await settle()
            #expect(fixture.server.requests.count == 2)
            third.cancel()
            await #expect(throws: CancellationError.self) { try await third.value }
            #expect(try await fixture.rows("SELECT id FROM model_attempt").count == 2)
        }
    }

    @Test("a call that no budget lets go does not use up the limit", arguments: TestDatabase.allCases)
    func withdrawn(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: .zero, tokens: nil, calls: nil)
            let reference = fixture.reference(settings: ["requests_per_minute": 1, "tokens_per_minute": 60])
            for name in ["a", "b"] {
                await #expect(throws: EdisonError.self) {
                    try await calls.perform(fixture.call(name, to: reference, budgets: [budget]))
                }
            }
            #expect(try await calls.perform(fixture.call("c", to: reference)).text == "yes")
        }
    }
}
