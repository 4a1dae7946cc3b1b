import EdisonCore
import EdisonExperiments
import EdisonTestKit
import Synchronization
import Testing

/// For each reason a run that it ends.
struct StopScenario: Sendable {
    var model = ScriptedModel()
    var cases = 16
    var change: @Sendable (inout ExperimentDefinition) -> Void = { _ in }
    /// The person stops the run at this call.
    var cancelledAt: Int?

    static func of(_ reason: StopReason) -> StopScenario {
        var scenario = StopScenario()
        switch reason {
        case .maxIterations: scenario.change = { $0.stop.maxIterations = 2 }
        case .target: scenario.change = { $0.stop.target = 0.45 }
        case .converged:
            scenario.model.score = { rules, _ in 0.5 + 0.004 * Double(rules) }
            // By itself a race accepts no gain that does not matter, so nothing would add up to too little.
            scenario.change = { $0.loop.race.acceptAtEndAbove = -0.01 }
        case .stalled:
            scenario.model.score = { rules, _ in 0.8 - 0.3 * Double(rules) }
            scenario.change = { $0.stop.patience = 2 }
        case .budget: scenario.change = { $0.stop.maxBudget = Money(nanodollars: 12_000_000) }
        case .tokens: scenario.change = { $0.stop.maxTokens = 10_000 }
        case .calls: scenario.change = { $0.stop.maxCalls = 60 }
        case .time: scenario.change = { $0.stop.maxDuration = .milliseconds(150) }
        case .cancelled: scenario.cancelledAt = 30
        case .ceiling:
            scenario.model.score = { _, _ in 0.98 }
            scenario.cases = 48
            scenario.change = { $0.loop.evidenceCases = 20 }
        case .errors:
            scenario.cases = 24
            scenario.model.execute = { call in
                call.user.contains("my") ? .status(400) : .text("rules=0; \(call.user)")
            }
        }
        return scenario
    }
}

@Suite("The end of a run")
struct StopReasonTests {
    private func run(_ reason: StopReason) async throws -> ExperimentService.Finished {
        try await StopRuns.shared.run(reason) { try await run(StopScenario.of(reason)) }
    }

    private func run(_ scenario: StopScenario) async throws -> ExperimentService.Finished {
        let stop = StopButton(at: scenario.cancelledAt)
        let box = Mutex<ExperimentService.Finished?>(nil)
        try await LoopFixture.running { request in
            stop.count()
            return scenario.model.reply(to: request)
        } _: { fixture in
            var definition = fixture.definition(cases: scenario.cases)
            definition.stop.maxIterations = 12
            scenario.change(&definition)
            let task = Task { [definition] in try await fixture.refine(definition) }
            stop.connect { task.cancel() }
            let finished = try await task.value
            box.withLock { $0 = finished }
        }
        return try #require(box.withLock { $0 })
    }

    @Test("each reason ends the run that it is for, and is recorded", arguments: StopReason.allCases)
    func reasons(_ reason: StopReason) async throws {
        let finished = try await run(reason)
        #expect(finished.result.stopReason == reason)
        #expect(finished.result.json["stop_reason"] == .string(reason.rawValue))
        if reason != .cancelled, reason != .errors {
            #expect(finished.status == .completed)
            #expect(finished.result.json["status"] == "completed")
        }
    }

    @Test("a target that a few cases reach is believed on eight")
    func targetCases() async throws {
        let last = try await run(.target).result.json["iterations"]?.array?.last
        #expect(last?["case_ids"]?.array?.count == 8)
    }

    @Test("converged: the last three acceptances together gained less than min_delta")
    func convergence() async throws {
        let finished = try await run(.converged)
        let versions = finished.result.json["versions"]?.array ?? []
        #expect(versions.map { $0["status"] } == ["seed", "accepted", "accepted", "accepted"])
        let gains = versions.compactMap { $0["decision"]?["delta"]?.double }
        #expect(gains.count == 3)
        #expect(gains.reduce(0, +) < 0.02)
    }

    @Test("larger gains before do not matter, and a gain of min_delta in the window goes on")
    func convergenceWindow() async throws {
        var scenario = StopScenario.of(.converged)
        scenario.model.score = { rules, _ in [0.4, 0.6, 0.605, 0.61, 0.615][min(rules, 4)] }
        scenario.change = {
            $0.stop.maxIterations = 4
            $0.loop.race.acceptAtEndAbove = -0.01
        }
        #expect(try await run(scenario).result.stopReason == .converged)
        scenario.model.score = { rules, _ in [0.4, 0.41, 0.415, 0.42, 0.45][min(rules, 4)] }
        let goingOn = try await run(scenario)
        #expect(goingOn.result.stopReason == .maxIterations || goingOn.result.json["versions"]?.array?.count == 5)
    }

    @Test("a fall is no convergence, and nothing that fell becomes the best")
    func fall() async throws {
        let finished = try await run(.stalled)
        #expect(finished.result.json["best_version_id"] == finished.result.json["first_version_id"])
        #expect(finished.result.verdict == .noDifference)
        let statuses = (finished.result.json["versions"]?.array ?? []).dropFirst().compactMap { $0["status"]?.string }
        #expect(!statuses.isEmpty)
        #expect(Set(statuses) == ["rejected"])
        #expect(finished.result.json["iterations"]?.array?.count == 2)
    }

    @Test(
        "patience is 8 iterations when racing and 3 in full mode",
        arguments: [(LoopSettings.Mode.racing, 8), (.full, 3)])
    func patience(_ mode: LoopSettings.Mode, _ iterations: Int) async throws {
        var scenario = StopScenario.of(.stalled)
        scenario.cases = 10
        scenario.change = { $0.loop.mode = mode }
        let finished = try await run(scenario)
        #expect(finished.result.stopReason == .stalled)
        #expect(finished.result.json["iterations"]?.array?.count == iterations)
    }

    @Test("the target reads the search scores")
    func target() async throws {
        let finished = try await run(.target)
        let last = finished.result.json["iterations"]?.array?.last
        #expect((last?["metrics"]?["composite"]?["score"]?.double ?? 0) >= 0.45)
        #expect(last?["status"] == "completed")
    }

    @Test("too many failed outputs fail the iteration, with the provider's words")
    func failures() async throws {
        let finished = try await run(.errors)
        #expect(finished.result.json["iterations"]?[0]?["status"] == "failed")
        let text = JSONValue.object(finished.result.json).text()
        #expect(text.contains("the model is out of order"))
    }

    @Test("calls that fail elsewhere than in outputs end the run as well")
    func failingJudges() async throws {
        var scenario = StopScenario()
        scenario.model.refine = { _ in .status(400) }
        scenario.model.summarise = { _ in .status(400) }
        scenario.cases = 10
        scenario.change = {
            $0.loop.errorWindow = 20
            $0.loop.newEvidenceCases = 0
            $0.stop.patience = 100
        }
        #expect(try await run(scenario).result.stopReason == .errors)
    }

    @Test(
        "when a run has ended, each of its iterations has",
        arguments: [StopReason.budget, .calls, .tokens, .target, .stalled])
    func terminalIterations(_ reason: StopReason) async throws {
        let finished = try await run(reason)
        let statuses = (finished.result.json["iterations"]?.array ?? []).compactMap { $0["status"]?.string }
        #expect(!statuses.isEmpty)
        #expect(statuses.allSatisfy { IterationStatus(rawValue: $0)?.isTerminal == true }, "\(statuses)")
    }

    @Test("what was spent stays within the limits")
    func limits() async throws {
        let budget = try await run(.budget).result
        #expect((budget.json["cost_usd"]?.double ?? 1) <= 0.012)
        let calls = try await run(.calls).result
        #expect((calls.json["calls"]?.object?.members ?? []).reduce(0) { $0 + ($1.value.int ?? 0) } <= 60)
        let tokens = try await run(.tokens).result
        let used = (tokens.json["tokens"]?["input"]?.int ?? 0) + (tokens.json["tokens"]?["output"]?.int ?? 0)
        #expect(used > 0 && used <= 10_000)
    }
}

/// Each scenario is run once, for all the tests that look at it.
private actor StopRuns {
    static let shared = StopRuns()
    private var runs: [StopReason: Task<ExperimentService.Finished, any Error>] = [:]

    func run(
        _ reason: StopReason, _ work: @escaping @Sendable () async throws -> ExperimentService.Finished
    ) async throws -> ExperimentService.Finished {
        let run = runs[reason] ?? Task { try await work() }
        runs[reason] = run
        return try await run.value
    }
}

/// Stops a run at its n-th call, as Ctrl-C does.
private final class StopButton: Sendable {
    private struct State {
        var calls = 0
        var press: (@Sendable () -> Void)?
    }

    private let place: Int?
    private let state = Mutex(State())

    init(at place: Int?) { self.place = place }

    func connect(_ press: @escaping @Sendable () -> Void) { state.withLock { $0.press = press } }

    func count() {
        let press = state.withLock { state -> (@Sendable () -> Void)? in
            state.calls += 1
            return state.calls == place ? state.press : nil
        }
        press?()
    }
}
