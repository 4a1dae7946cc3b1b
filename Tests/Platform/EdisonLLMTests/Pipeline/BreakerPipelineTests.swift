import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Synchronization
import Testing

@Suite("The breaker at work", .timeLimit(.minutes(3)))
struct BreakerPipelineTests {
    private static func policy(pause: Double) -> BreakerPolicy {
        var policy = BreakerPolicy()
        // However long a busy machine takes, calls belong together, and silence is none.
        (policy.window, policy.silence, policy.outage) = (600, 600, 600)
        policy.minimum = 3
        policy.ratio = 1
        policy.pause = pause
        return policy
    }

    private static func state(_ calls: ModelCalls, _ model: String = "m") -> BreakerStatus.State? {
        calls.breakers.first { $0.model == model && $0.credentialID == "c1" }?.state
    }

    @Test("it opens, lets one call try, and closes for all when that is answered", arguments: TestDatabase.allCases)
    func cycle(_ kind: TestDatabase) async throws {
        let gate = Gate()
        let isWell = Mutex(false)
        try await PipelineFixture.on(kind) { request in
            if !isWell.withLock(\.self) { return .refusal(500) }
            if request.model == "m" { await gate.pass() }
            return .answer("yes")
        } _: { fixture in
            let calls = fixture.calls(retry: .quick(tries: 1), breaker: Self.policy(pause: 0.4))
            for name in ["a", "b"] { _ = try await calls.perform(fixture.call(name)) }
            #expect(Self.state(calls) == .closed)
            #expect(calls.breakers.first?.failures == 2)
            _ = try await calls.perform(fixture.call("c"))
            #expect(Self.state(calls) == .open)
            isWell.withLock { $0 = true }

            let waiting = (0..<5).map { n in Task { try await calls.perform(fixture.call("w\(n)")) } }
            // Another model and another credential have breakers of their own.
            #expect(try await calls.perform(fixture.call("n", to: fixture.reference("n"))).text == "yes")
            let other = fixture.reference("n", credential: "c2")
            #expect(try await calls.perform(fixture.call("o", to: other)).text == "yes")
            #expect(Self.state(calls, "n") == .closed)
            #expect(calls.breakers.map(\.credentialID) == ["c1", "c1", "c2"])

            try await eventually("the probe") { await gate.held == 1 }
            #expect(Self.state(calls) == .probing)
            try await settle()
            #expect(await gate.held == 1)
            await gate.open()
            for task in waiting { #expect(try await task.value.text == "yes") }
            #expect(Self.state(calls) == .closed)
            #expect(fixture.server.requests.count == 10)
        }
    }

    @Test("refusals of a request do not open it", arguments: TestDatabase.allCases, [400, 401, 404, 429])
    func requestFaults(_ kind: TestDatabase, status: Int) async throws {
        try await PipelineFixture.on(kind) { _ in
            .refusal(status)
        } _: { fixture in
            let calls = fixture.calls(retry: .quick(tries: 1), breaker: Self.policy(pause: 10))
            for n in 0..<5 { _ = try await calls.perform(fixture.call("\(n)")) }
            #expect(Self.state(calls) == .closed)
            #expect(fixture.server.requests.count == 5)
        }
    }

    @Test("while it is open an alternative is asked at once", arguments: TestDatabase.allCases)
    func failover(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            $0.model == "m" ? .refusal(500) : .answer("by \($0.model)")
        } _: { (fixture) async throws in
            let calls = fixture.calls(retry: .quick(tries: 1), breaker: Self.policy(pause: 30))
            let both = fixture.reference(alternatives: [fixture.reference("n")])
            for name in ["a", "b", "c", "d", "e"] {
                #expect(try await calls.perform(fixture.call(name, to: both)).text == "by n")
            }
            #expect(fixture.server.requests.map(\.model) == ["m", "n", "m", "n", "m", "n", "n", "n"])
        }
    }

    @Test("a call does not wait for it longer than it would retry", arguments: TestDatabase.allCases)
    func patience(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .refusal(500)
        } _: { fixture in
            let calls = fixture.calls(retry: .quick(tries: 1, total: 0.3), breaker: Self.policy(pause: 30))
            for n in 0..<3 { #expect(try await calls.perform(fixture.call("\(n)")).failure?.status == 500) }
            let last = try await calls.perform(fixture.call("b"))
            #expect(last.failure?.kind == .overloaded)
            #expect(last.attempts == 0)
            #expect(fixture.server.requests.count == 3)
            let row = try await fixture.row("SELECT * FROM model_call WHERE attempts = 0")
            #expect(try row.string("status") == "failed")
            // It made no request, so it is not counted as a call.
            #expect(try await calls.totals(scope: "run").count == 3)
        }
    }

    @Test("a probe that the budget stops leaves the way free for another", arguments: TestDatabase.allCases)
    func stoppedProbe(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            $0.index < 3 ? .refusal(500) : .answer("yes")
        } _: { fixture in
            let calls = fixture.calls(retry: .quick(tries: 1), breaker: Self.policy(pause: 0.1))
            let budget = try await calls.budget(scope: "run", limit: .zero, tokens: nil, calls: nil)
            for name in ["a", "b", "c"] { _ = try await calls.perform(fixture.call(name)) }
            #expect(Self.state(calls) == .open)
            await #expect(throws: EdisonError.self) {
                try await calls.perform(fixture.call("d", budgets: [budget]))
            }
            #expect(try await calls.perform(fixture.call("e")).text == "yes")
        }
    }
}
