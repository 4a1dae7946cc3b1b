import EdisonCore
import EdisonTestKit
import Testing

@testable import EdisonLLM

@Suite("The end of a run's time", .timeLimit(.minutes(3)))
struct DeadlineTests {
    @Test("no request begins after it, and what is stored still answers", arguments: TestDatabase.allCases)
    func late(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            .answer(request.text)
        } _: { fixture in
            let calls = fixture.calls()
            let early = try await calls.ending(at: .now + .seconds(60)).perform(fixture.call("a", "first"))
            #expect(early.text == "first")
            let late = calls.ending(at: .now)
            #expect(try await late.perform(fixture.call("a", "first")).text == "first")
            let error = await #expect(throws: EdisonError.self) { try await late.perform(fixture.call("b", "second")) }
            #expect(error?.code == .budgetExceeded && error?.underlying is TimeExhausted)
            #expect(fixture.server.requests.map(\.text) == ["first"])
            #expect(try await calls.perform(fixture.call("b", "second")).text == "second")
        }
    }

    @Test("it is not outwaited for the provider's sake, and takes no place of others", arguments: TestDatabase.allCases)
    func wait(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            request.index == 0 ? .refusal(429, headers: [("retry-after", "20")]) : .answer(request.text)
        } _: { fixture in
            let calls = fixture.calls()
            let began = ContinuousClock.now
            let late = calls.ending(at: .now + .seconds(1))
            let error = await #expect(throws: EdisonError.self) { try await late.perform(fixture.call("a", "first")) }
            #expect(error?.underlying is TimeExhausted)
            // Half of what the provider asks for: how long one waits at most beyond the deadline is the machine's.
            #expect(began.duration(to: .now) < .seconds(10))
            #expect(fixture.server.requests.count == 1)
            let attempts = try await fixture.attempts()
            #expect(attempts == ["settled"])
        }
    }
}
