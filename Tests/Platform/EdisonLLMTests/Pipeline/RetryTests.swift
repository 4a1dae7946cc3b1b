import EdisonCore
import EdisonTestKit
import Testing

@testable import EdisonLLM

@Suite("Retries", .timeLimit(.minutes(3)))
struct RetryTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: WireReply

        init(_ name: String, _ reply: WireReply) {
            testDescription = name
            self.reply = reply
        }
    }

    static let passing =
        [408, 409, 429, 500, 502, 503, 504, 529].map { Fault("status \($0)", .refusal($0)) } + [
            Fault("a broken connection", .broken), Fault("a cut answer", .cut), Fault("a malformed answer", .malformed),
            Fault("silence", .nothing),
        ]

    @Test("what may pass is asked again", arguments: TestDatabase.allCases, passing)
    func again(_ kind: TestDatabase, _ fault: Fault) async throws {
        try await PipelineFixture.on(kind) {
            $0.index == 0 ? fault.reply : .answer("yes")
        } _: { fixture in
            let reference = fixture.reference(settings: ["timeout": fault.reply.isSilent ? 2 : 30])
            let result = try await fixture.calls().perform(fixture.call("a", to: reference))
            #expect(result.text == "yes")
            #expect(result.attempts == 2)
            #expect(result.cost == Money(nanodollars: 105_000))
            #expect(fixture.server.requests.count == 2)
            #expect(fixture.server.requests[0].body == fixture.server.requests[1].body)
        }
    }

    @Test("what will not pass is not", arguments: TestDatabase.allCases, [400, 401, 402, 403, 404, 413, 422])
    func not(_ kind: TestDatabase, status: Int) async throws {
        try await PipelineFixture.on(kind) {
            $0.index == 0 ? .refusal(status) : .answer("yes")
        } _: { fixture in
            let result = try await fixture.calls().perform(fixture.call("a"))
            #expect(result.failure?.status == status)
            #expect(result.attempts == 1)
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test("a failure that stands is not asked about again, and one that does not is", arguments: TestDatabase.allCases)
    func stands(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            request.index < 2 ? .refusal(401) : .answer("yes")
        } _: { fixture in
            let calls = fixture.calls()
            let (gone, open) = (fixture.call("a"), fixture.call("b"))
            _ = try await calls.perform(gone)
            try await calls.letFailuresStand(scope: gone.key.scope, purpose: gone.key.purpose)
            _ = try await calls.perform(open)
            // As at the next start.
            let later = fixture.calls()
            try await later.forgetFailures(scope: gone.key.scope)
            #expect(try await later.perform(gone).failure?.status == 401)
            #expect(try await later.perform(open).text == "yes")
            #expect(fixture.server.requests.count == 3)
        }
    }

    @Test("the number of tries is limited", arguments: TestDatabase.allCases, [1, 4])
    func limited(_ kind: TestDatabase, tries: Int) async throws {
        try await PipelineFixture.on(kind) { _ in
            .refusal(500)
        } _: { fixture in
            let result = try await fixture.calls(retry: .quick(tries: tries)).perform(fixture.call("a"))
            #expect(result.failure?.kind == .serverError)
            #expect(result.attempts == tries)
            #expect(result.cost == .zero)
            #expect(fixture.server.requests.count == tries)
        }
    }

    @Test("a wait that the provider asks for holds for the whole credential", arguments: TestDatabase.allCases)
    func retryAfter(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            request.index == 0 ? .refusal(429, headers: [("retry-after-ms", "1500")]) : .answer(request.text)
        } _: { fixture in
            let calls = fixture.calls()
            let first = Task { try await calls.perform(fixture.call("a", "first")) }
            try await eventually("the refusal") { try await fixture.attempts() == ["settled"] }
            let second = Task { try await calls.perform(fixture.call("b", "second")) }
            try await settle()
            // Another credential does not wait, and so overtakes both.
            let free = fixture.reference(credential: "c2")
            let third = Task { try await calls.perform(fixture.call("c", "third", to: free)) }
            #expect(try await third.value.text == "third")
            #expect(fixture.server.requests.prefix(2).map(\.text) == ["first", "third"])
            #expect(try await first.value.text == "first")
            #expect(try await second.value.text == "second")
            #expect(fixture.server.requests.count == 4)
        }
    }

    @Test("a wait that is too long ends the call", arguments: TestDatabase.allCases)
    func tooLong(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .refusal(503, headers: [("retry-after", "3600")])
        } _: { fixture in
            let result = try await fixture.calls().perform(fixture.call("a"))
            #expect(result.failure?.kind == .overloaded)
            #expect(result.attempts == 1)
        }
    }

    @Test("pauses grow, are drawn from nothing to all of them, and are bounded")
    func jitter() {
        let policy = RetryPolicy()
        let failure = ProviderFailure(.serverError, "x", status: 500)
        func pause(_ attempt: Int, _ draw: Double, elapsed: Double = 0) -> Double? {
            policy.pause(after: failure, attempt: attempt, elapsed: elapsed, draw: draw)
        }
        #expect((1...5).map { pause($0, 1) } == [0.5, 1, 2, 4, 8])
        #expect((1...5).map { pause($0, 0) } == [0, 0, 0, 0, 0])
        #expect(pause(3, 0.5) == 1)
        #expect(pause(6, 0.5) == nil)
        #expect(pause(1, 1, elapsed: 179.5) == 0.5)
        #expect(pause(1, 1, elapsed: 179.6) == nil)
    }

    @Test("the provider's wait comes before the pause, up to a limit")
    func waits() {
        let policy = RetryPolicy()
        func pause(_ seconds: Int) -> Double? {
            let failure = ProviderFailure(.rateLimited, "x", status: 429, retryAfter: .seconds(seconds))
            return policy.pause(after: failure, attempt: 1, elapsed: 0, draw: 0.5)
        }
        #expect(pause(0) == 0.25)
        #expect(pause(7) == 7.25)
        #expect(pause(120) == 120.25)
        #expect(pause(121) == nil)
    }
}
