import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("The response cache", .timeLimit(.minutes(3)))
struct CacheTests {
    @Test("an equal request is answered from the cache, at no cost", arguments: TestDatabase.allCases)
    func hit(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind, processes: 2) {
            .answer("answer \($0.index)")
        } _: { fixture in
            let calls = fixture.calls()
            let budget = try await calls.budget(scope: "run", limit: Money(dollars: 1), tokens: nil, calls: nil)
            let first = try await calls.perform(fixture.call("a", budgets: [budget], caching: .on))
            let paid = try await fixture.budget(budget)
            #expect(!first.cached)

            // Another process, and another scope: the cache is shared.
            let second = try await fixture.calls(process: 1).perform(
                fixture.call("b", scope: "other", budgets: [budget], caching: .on))
            #expect(second.text == "answer 0")
            #expect(second.cached)
            #expect(!second.replayed)
            #expect(second.cost == .zero)
            #expect(second.attempts == 0)
            #expect(fixture.server.requests.count == 1)
            #expect(try await fixture.budget(budget) == paid)

            let row = try await fixture.row("SELECT * FROM model_call WHERE scope = 'other'")
            #expect(try row.bool("cached"))
            #expect(try row.money("cost_nano") == .zero)
            let totals = try await calls.totals(scope: "other")
            #expect(totals.count == 0)
            #expect(totals.cost == .zero)

            let again = try await fixture.calls().perform(fixture.call("b", scope: "other", caching: .on))
            #expect(again.replayed && again.cached)
            #expect(again.cost == .zero)
        }
    }

    @Test("without caching an equal request is made again", arguments: TestDatabase.allCases)
    func off(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            .answer("answer \($0.index)")
        } _: { fixture in
            let calls = fixture.calls()
            _ = try await calls.perform(fixture.call("a"))
            #expect(try await calls.perform(fixture.call("b", caching: .on)).text == "answer 1")
            #expect(try await calls.perform(fixture.call("c")).text == "answer 2")
            #expect(try await calls.perform(fixture.call("d", caching: .on)).text == "answer 1")
        }
    }

    @Test("equal requests under way at once are one request", arguments: TestDatabase.allCases)
    func singleFlight(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { request in
            await gate.pass()
            return .answer("answer \(request.index)")
        } _: { fixture in
            let calls = fixture.calls()
            let tasks = (0..<16).map { n in Task { try await calls.perform(fixture.call("\(n)", caching: .on)) } }
            try await eventually("the request") { await gate.held == 1 }
            try await settle()
            await gate.open()
            var results: [CallResult] = []
            for task in tasks { results.append(try await task.value) }
            #expect(Set(results.map(\.text)) == ["answer 0"])
            #expect(results.count { $0.cached && $0.cost == .zero } == 15)
            #expect(fixture.server.requests.count == 1)
            #expect(try await fixture.rows("SELECT id FROM model_call WHERE status = 'answered'").count == 16)
        }
    }

    @Test("an answer is kept for an hour", arguments: TestDatabase.allCases)
    func expiry(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) {
            .answer("answer \($0.index)")
        } _: { fixture in
            _ = try await fixture.calls().perform(fixture.call("a", caching: .on))
            let until = try await fixture.row("SELECT * FROM response_cache").timestamp("expires_at")
            #expect((3590...3600).contains(until.duration(since: .now).components.seconds))

            try await fixture.change(
                "UPDATE response_cache SET expires_at = \(Timestamp.now.advanced(by: .seconds(-1)))")
            #expect(try await fixture.calls().perform(fixture.call("b", caching: .on)).text == "answer 1")
            #expect(try await fixture.calls().perform(fixture.call("c", caching: .on)).text == "answer 1")

            // What has expired does not stay for ever.
            try await fixture.change(
                "UPDATE response_cache SET expires_at = \(Timestamp.now.advanced(by: .seconds(-1)))")
            _ = try await fixture.calls().perform(fixture.call("d", "Other", caching: .on))
            #expect(try await fixture.rows("SELECT * FROM response_cache").count == 1)
        }
    }

    @Test("the failure of the one who asks is not the failure of those who wait", arguments: TestDatabase.allCases)
    func leaderFails(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { request in
            await gate.pass()
            return request.index == 0 ? .refusal(401) : .answer("answer \(request.index)")
        } _: { fixture in
            let calls = fixture.calls()
            let leader = Task { try await calls.perform(fixture.call("a", caching: .on)) }
            try await eventually("the request") { await gate.held == 1 }
            let followers = ["b", "c"].map { name in Task { try await calls.perform(fixture.call(name, caching: .on)) }
            }
            try await settle()
            await gate.open()
            #expect(try await leader.value.failure?.kind == .refusedKey)
            for follower in followers { #expect(try await follower.value.text == "answer 1") }
            #expect(fixture.server.requests.count == 2)
        }
    }

    @Test("when the one who asks is cancelled, one of those who wait asks", arguments: TestDatabase.allCases)
    func leaderCancelled(_ kind: TestDatabase) async throws {
        let gate = Gate()
        try await PipelineFixture.on(kind) { request in
            if request.index == 0 { await gate.pass() }
            return .answer("answer \(request.index)")
        } _: { fixture in
            let calls = fixture.calls()
            let leader = Task { try await calls.perform(fixture.call("a", caching: .on)) }
            try await eventually("the request") { await gate.held == 1 }
            let follower = Task { try await calls.perform(fixture.call("b", caching: .on)) }
            let quitter = Task { try await calls.perform(fixture.call("c", caching: .on)) }
            try await settle()
            quitter.cancel()
            await #expect(throws: CancellationError.self) { try await quitter.value }
            leader.cancel()
            await #expect(throws: CancellationError.self) { try await leader.value }
            #expect(try await follower.value.text == "answer 1")
            await gate.open()
        }
    }

    @Test("an alternative's answer is not kept as the first model's", arguments: TestDatabase.allCases)
    func alternative(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            request.model == "m" && request.index == 0 ? .refusal(401) : .answer("by \(request.model)")
        } _: { fixture in
            let other = fixture.reference("n")
            let both = fixture.reference(alternatives: [other])
            let calls = fixture.calls()
            #expect(try await calls.perform(fixture.call("a", to: both, caching: .on)).text == "by n")
            #expect(try await calls.perform(fixture.call("b", caching: .on)).text == "by m")
            let third = try await calls.perform(fixture.call("c", to: other, caching: .on))
            #expect(third.text == "by n")
            #expect(third.cached)
        }
    }
}
