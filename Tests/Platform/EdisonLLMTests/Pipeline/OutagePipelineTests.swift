import EdisonCore
import EdisonTestKit
import Synchronization
import Testing

@testable import EdisonLLM

@Suite("A provider that goes down", .timeLimit(.minutes(3)))
struct OutagePipelineTests {
    /// What was told, in order; single failures are left out.
    private final class Told: Sendable {
        private let events = Mutex<[TrafficEvent]>([])

        func hear(_ event: TrafficEvent) { events.withLock { $0.append(event) } }

        var words: [String] {
            events.withLock { events in
                events.compactMap { event in
                    switch event {
                    case .failed: nil
                    case .limited(let provider, _): "limited \(provider)"
                    case .down(let model, _, _): "down \(model)"
                    case .back(let model, _): "back \(model)"
                    case .givenUp(let model, _): "given up \(model)"
                    case .replaced(let model, let other, _): "\(other) for \(model)"
                    case .slow(let model, let calls, _): "slow \(model): \(calls)"
                    }
                }
            }
        }

        var failures: Int {
            events.withLock { $0.count { if case .failed = $0 { true } else { false } } }
        }
    }

    private static var policy: BreakerPolicy {
        var policy = BreakerPolicy()
        policy.pause = 0.15
        return policy
    }

    static let outages: [RetryTests.Fault] = [
        .init("503", .refusal(503)), .init("a broken connection", .broken), .init("a cut answer", .cut),
    ]

    @Test(
        "an outage of more failures than a call has tries loses no call", arguments: TestDatabase.allCases, outages)
    func survived(_ kind: TestDatabase, _ fault: RetryTests.Fault) async throws {
        let told = Told()
        try await PipelineFixture.on(kind) { request in
            request.index < 20 ? .answer("before") : request.index < 34 ? fault.reply : .answer("after")
        } _: { (fixture: PipelineFixture) async throws in
            let calls = fixture.calls(retry: .quick(outage: 60), breaker: Self.policy, onTraffic: told.hear)
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            for n in 0..<20 { _ = try await calls.perform(fixture.call("\(n)", budgets: [budget])) }
            // Alone, a call would have used up its tries long before the provider is well again.
            #expect(try await calls.perform(fixture.call("alone", budgets: [budget])).text == "after")
            let answers = try await withThrowingTaskGroup(of: String?.self) { group in
                for n in 20..<36 {
                    group.addTask { try await calls.perform(fixture.call("\(n)", budgets: [budget])).text }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers == Array(repeating: "after", count: 16))
            #expect(told.words == ["down m at c1", "back m at c1"])
            let attempts = try await fixture.attempts()
            #expect(attempts.count == fixture.server.requests.count && !attempts.contains("sent"))
            #expect(told.failures == attempts.count - 37)
            #expect(told.failures == 14)
            let state = try await fixture.budget(budget)
            #expect(state.reserved == .zero)
            #expect(state.spent == Money(nanodollars: 37 * 105_000))
            let lost = attempts.count { $0 == "lost" }
            #expect(lost == (fault.reply.status == 503 ? 0 : told.failures))
            #expect(state.unconfirmed == Money(nanodollars: Int64(lost) * PipelineFixture.bound().nanodollars))
        }
    }

    @Test("the tries of a call do not count while the model is out, but its time does")
    func patience() {
        let failure = ProviderFailure(.overloaded, "down", status: 503)
        func goesOn(_ attempt: Int, _ elapsed: Double, isOut: Bool) -> Bool {
            RetryPolicy().pause(after: failure, attempt: attempt, elapsed: elapsed, draw: 0, isOut: isOut) != nil
        }
        #expect(goesOn(5, 10, isOut: false) && !goesOn(6, 10, isOut: false))
        #expect(goesOn(6, 10, isOut: true) && goesOn(40, 89, isOut: true) && !goesOn(6, 90, isOut: true))
        // Within its tries it may wait longer, as ever.
        #expect(goesOn(2, 120, isOut: true) && !goesOn(2, 200, isOut: true))
        let refusal = ProviderFailure(.badRequest, "no", status: 400)
        #expect(RetryPolicy().pause(after: refusal, attempt: 1, elapsed: 0, draw: 0, isOut: true) == nil)
    }

    @Test("a model that has answered the process before is waited for like one that has answered this one")
    func known() {
        let failure = ProviderFailure(.overloaded, "down", status: 503)
        var outage = Outage()
        outage.failed(failure, at: 100)
        #expect(!outage.isOver(BreakerPolicy(), isKnown: false, at: 110))
        #expect(outage.isOver(BreakerPolicy(), isKnown: false, at: 110.1))
        #expect(!outage.isOver(BreakerPolicy(), isKnown: true, at: 220))
        #expect(outage.isOver(BreakerPolicy(), isKnown: true, at: 220.1))
    }

    @Test("what has answered in a scope is known to the next process", arguments: TestDatabase.allCases)
    func recalled(_ kind: TestDatabase) async throws {
        var impatient = Self.policy
        impatient.silence = 0
        try await PipelineFixture.on(kind) { request in
            request.index == 0 || request.index > 16 ? .answer("yes") : .refusal(503)
        } _: { [impatient] (fixture: PipelineFixture) async throws in
            let before = fixture.calls(retry: .quick(), breaker: impatient)
            _ = try await before.perform(fixture.call("first"))
            let after = fixture.calls(retry: .quick(outage: 60), breaker: impatient)
            try await after.recallAnswers(scope: "run")
            #expect(try await after.perform(fixture.call("second")).text == "yes")
            #expect(fixture.server.requests.count == 18)
        }
    }

    @Test("failing over, limits and slow answers are told once each", arguments: TestDatabase.allCases)
    func told(_ kind: TestDatabase) async throws {
        let told = Told()
        let wasLimited = Atomic(false)
        try await PipelineFixture.on(kind) { request in
            switch request.model {
            case "broken": return .refusal(500)
            case "limited" where !wasLimited.exchange(true, ordering: .relaxed):
                return .refusal(429, headers: [("retry-after", "1")])
            case "slow":
                try? await Task.sleep(for: .seconds(1))
                return .answer("late")
            default: return .answer("yes")
            }
        } _: { (fixture: PipelineFixture) async throws in
            let calls = fixture.calls(retry: .quick(tries: 2), breaker: Self.policy, onTraffic: told.hear)
            let both = fixture.reference("broken", alternatives: [fixture.reference("spare")])
            for n in 0..<3 { #expect(try await calls.perform(fixture.call("b\(n)", to: both)).text == "yes") }
            #expect(told.words == ["spare at c1 for broken at c1", "down broken at c1"])
            let limited = fixture.reference("limited", credential: "c2")
            #expect(try await calls.perform(fixture.call("l", to: limited)).text == "yes")
            #expect(told.words.suffix(1) == ["limited c2"])

            var policy = Self.policy
            policy.slow = 0.3
            let watched = fixture.calls(breaker: policy, onTraffic: told.hear)
            let slow = fixture.reference("slow", credential: "c3")
            #expect(try await watched.perform(fixture.call("s", to: slow)).text == "late")
            #expect(told.words.last == "slow slow at c3: 1")
        }
    }
}
