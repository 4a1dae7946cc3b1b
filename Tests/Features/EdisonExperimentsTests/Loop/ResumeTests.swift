import EdisonCore
import EdisonExperiments
import EdisonTestKit
import Testing

@Suite("Going on with a run")
struct ResumeTests {
    private func definition(_ fixture: LoopFixture) -> ExperimentDefinition {
        var definition = fixture.definition(cases: 14)
        definition.stop.maxIterations = 2
        return definition
    }

    @Test("a finished run shows its result without a new call", arguments: TestDatabase.allCases)
    func finished(_ kind: TestDatabase) async throws {
        try await LoopFixture.running(on: kind) { fixture in
            let first = try await fixture.refine(definition(fixture))
            let calls = fixture.server.requests.count
            let again = try await fixture.refine(definition(fixture))
            #expect(!first.wasFinished)
            #expect(again.wasFinished)
            #expect(JSONValue.object(again.result.json) == JSONValue.object(first.result.json))
            #expect(fixture.server.requests.count == calls)
        }
    }

    @Test("the same file with --new is another run, with calls of its own")
    func new() async throws {
        try await LoopFixture.running { fixture in
            let first = try await fixture.refine(definition(fixture))
            let calls = fixture.server.requests.count
            let other = try await fixture.refine(definition(fixture), start: .new)
            #expect(!other.wasFinished)
            #expect(other.result.json["first_version_id"] != first.result.json["first_version_id"])
            #expect(fixture.server.requests.count > calls)
        }
    }

    @Test("a run that stopped at a limit goes on when the limit is raised, and pays nothing twice")
    func raisedLimit() async throws {
        try await LoopFixture.running { fixture in
            var limited = definition(fixture)
            limited.stop.maxCalls = 30
            let stopped = try await fixture.refine(limited)
            #expect(stopped.result.stopReason == .calls)
            let same = try await fixture.refine(limited)
            #expect(same.wasFinished)
            limited.stop.maxCalls = 500
            let finished = try await fixture.refine(limited)
            #expect(!finished.wasFinished)
            #expect(finished.result.stopReason == .maxIterations)
            let asked = fixture.wireCalls.map { "\($0.schema ?? "") \($0.model) \($0.user) \($0.seed)" }
            #expect(Set(asked).count == asked.count)
        }
    }

    @Test("a limit that was lowered or is the same ends the run where it ended")
    func loweredLimit() async throws {
        try await LoopFixture.running { fixture in
            var limited = definition(fixture)
            limited.stop.maxCalls = 30
            try await fixture.refine(limited)
            let calls = fixture.server.requests.count
            limited.stop.maxCalls = 20
            #expect(try await fixture.refine(limited).wasFinished)
            #expect(fixture.server.requests.count == calls)
        }
    }

    @Test("a run that was cut off ends as if it had not been")
    func cutOff() async throws {
        let uncut = try await result(cutAt: nil)
        for place in [3, 21, 41] {
            let cut = try await result(cutAt: place)
            #expect(cut == uncut, "cut off at call \(place)")
        }
    }

    /// Versions and scores of a run that is stopped at a call and started again.
    private func result(cutAt place: Int?) async throws -> JSONValue {
        var essence = JSONValue.null
        try await LoopFixture.running { fixture in
            let definition = definition(fixture)
            if let place {
                let task = Task { try await fixture.refine(definition) }
                for await _ in fixture.server.arrivals where fixture.server.requests.count >= place { break }
                task.cancel()
                let stopped = try await task.value
                #expect(stopped.status == .paused)
                #expect(stopped.result.stopReason == .cancelled)
            }
            let result = try await fixture.refine(definition).result
            essence = [
                "versions": .array((result.json["versions"]?.array ?? []).map { $0["text"] ?? .null }),
                "statuses": .array((result.json["versions"]?.array ?? []).map { $0["status"] ?? .null }),
                "composites": .array(
                    (result.json["iterations"]?.array ?? []).map { $0["metrics"]?["composite"] ?? .null }),
                "holdout": result.json["holdout"]?["difference"] ?? .null,
                "reason": result.json["stop_reason"] ?? .null,
            ]
        }
        return essence
    }

    @Test("what an interrupted run has paid for is in its result")
    func interruptedResult() async throws {
        try await LoopFixture.running { fixture in
            let definition = definition(fixture)
            let task = Task { try await fixture.refine(definition) }
            for await _ in fixture.server.arrivals where fixture.server.requests.count >= 30 { break }
            task.cancel()
            let stopped = try await task.value.result
            #expect((stopped.json["outputs"]?.array?.count ?? 0) >= 8)
            #expect(stopped.json["versions"]?.array?.isEmpty == false)
            #expect(stopped.json["first_version_id"]?.string != nil)
        }
    }
}
