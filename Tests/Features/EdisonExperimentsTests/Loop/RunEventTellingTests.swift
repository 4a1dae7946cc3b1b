import EdisonCore
import EdisonEvents
import EdisonPrompts
import EdisonTestKit
import Testing

@testable import EdisonExperiments

@Suite("What followers are told of a run")
struct RunEventTellingTests {
    private static let version: LoopVersion = {
        var version = LoopVersion(
            version: PromptVersion(
                id: PromptVersion.ID("v"), promptID: Prompt.ID("p"), number: 2, parentID: nil,
                content: PromptContent(json: ["text": "Hello {{name}}"]), message: "", createdAt: .now),
            number: 2, parentID: nil, iteration: 1, status: .accepted, diff: "-a\n+b", note: "why",
            edits: [ProposedEdit(target: .systemPrompt, find: "a", replace: "b", claim: "c")], targetCriteria: [])
        version.decision = LoopDecision(by: .gate, reason: "gained", delta: 0.1, interval: 0...0.2, cases: 5)
        return version
    }()

    private static let events: [RunEvent] = [
        .drafting(model: "m"),
        .started(.init(search: 20, holdout: 10, reserve: 4, isReserveTested: true), resumed: false),
        .wornHoldout(tests: 2, isReserveUnseen: true),
        .scored(iteration: 1, version: 1, Estimate(mean: 0.5, interval: 0.25...0.75, cases: 4, method: "m")),
        .scored(iteration: 2, version: 1, Estimate(mean: 0.5, interval: nil, cases: 1, method: "m")),
        .proposed(iteration: 1, candidates: 2, refused: ["too long"]),
        .decided(iteration: 1, version, parent: 1), .summarised(iteration: 1, headline: "h"),
        .stopping(.maxIterations, isKeptForTest: true), .confirming(cases: 10),
    ]

    @Test("each event is read again as it was told", arguments: events)
    func again(event: RunEvent) throws {
        let told = try #require(event.told)
        let read = try #require(RunEvent(kind: told.kind.name, told.payload))
        let again = try #require(read.told)
        #expect(again.kind == told.kind && again.payload == told.payload)
    }

    @Test("what is of this process, or of another version, is left out")
    func others() {
        #expect(RunEvent.joining.told == nil && RunEvent.raced(iteration: 1, version: 1, mean: 0, cases: 1).told == nil)
        #expect(RunEvent(kind: "run:something", [:]) == nil && RunEvent(kind: "experiment:paused", [:]) == nil)
        #expect(RunEvent(kind: "run:decided", ["version": [:]]) == nil)
    }

    @Test("a run that goes on, and repeats what it did, tells it once", arguments: TestDatabase.allCases)
    func once(kind: TestDatabase) async throws {
        try await kind.migrated { database in
            let events = EventLog(database: database)
            let id = Experiment.ID("run")
            let news = RunNews(database: database, events: events, experiment: id)
            for _ in 1...2 {
                let value = try await news.telling { report in
                    for event in Self.events { report(event) }
                    return 7
                }
                #expect(value == 7)
            }
            await #expect(throws: EdisonError.self) {
                try await news.telling { report in
                    report(.confirming(cases: 99))
                    throw EdisonError(.invalid, "It fails.")
                }
            }
            let kinds = try await events.events(in: ExperimentStore.stream(of: id), after: 0).map(\.kind.name)
            #expect(kinds == Self.events.compactMap { $0.told?.kind.name } + ["run:confirming"])
        }
    }
}
