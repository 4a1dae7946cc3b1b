import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

@Suite("Ways of thinking", .timeLimit(.minutes(5))) struct ThinkingTests {
    private func ask(_ fixture: PipelineFixture, _ thinking: Thinking) async throws -> StructuredCalls.Outcome {
        try await StructuredCalls(models: fixture.calls()).ask(
            StructuredCallTests.request(), in: StructuredCallTests.context(fixture), thinking: thinking,
            combine: { $0[$0.count - 1] })
    }

    @Test(
        "self-consistency asks three times, with seeds of their own and not at temperature 0",
        arguments: TestDatabase.allCases)
    func samples(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            .answer(#"{"score": 4, "why": "\#(request.body["seed"]?.text() ?? "")"}"#)
        } _: { fixture in
            let outcome = try await ask(fixture, .selfConsistency)
            let bodies = fixture.server.requests.map(\.body)
            #expect(bodies.count == 3 && outcome.results.count == 3)
            #expect(Set(bodies.compactMap { $0["seed"]?.int }).count == 3)
            #expect(bodies[0]["seed"]?.int == 100)
            #expect(bodies.allSatisfy { ($0["temperature"]?.double ?? 0) > 0 })
            #expect(outcome.answer?["why"]?.string == bodies[2]["seed"]?.text())
            _ = try await ask(fixture, .selfConsistency)
            #expect(fixture.server.requests.count == 3, "asked again, the samples are the stored ones")
        }
    }

    @Test(
        "sequential thinking analyses, drafts, criticises and revises; the last answer counts",
        arguments: TestDatabase.allCases)
    func turns(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { request in
            let text = request.text
            if text.contains("<critique>") { return .answer(#"{"score": 2, "why": "revised"}"#) }
            if text.contains("<draft>") { return .answer("too kind") }
            if text.contains("<analysis>") { return .answer(#"{"score": 5, "why": "draft"}"#) }
            return .answer("it is about kindness")
        } _: { fixture in
            let outcome = try await ask(fixture, .sequential)
            #expect(outcome.answer?["why"] == "revised")
            let requests = fixture.server.requests
            #expect(requests.count == 4)
            #expect(requests.map { $0.body["response_format"] != nil } == [false, true, false, true])
            #expect(requests.allSatisfy { $0.text.contains("<goal>") }, "the data stand in every turn")
            #expect(outcome.thinking.contains("it is about kindness"))
            #expect(outcome.thinking.contains("too kind"))
        }
    }

    @Test("native thinking sets the effort and asks once", arguments: [TestDatabase.sqlite])
    func native(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer(#"{"score": 4, "why": "x"}"#)
        } _: { fixture in
            _ = try await ask(fixture, .native)
            #expect(fixture.server.requests.count == 1)
            #expect(fixture.server.requests[0].body["reasoning_effort"] == "medium")
        }
    }
}
