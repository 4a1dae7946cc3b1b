import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts
import EdisonStatistics

/// Lets the candidates of one iteration run against their parent, look by look, all at once.
struct RaceStep: Sendable {
    let context: RunContext
    let ensemble: Ensemble
    let escalated: Bool
    let iteration: Int

    init(context: RunContext, state: LoopState) {
        self.context = context
        ensemble = state.ensemble
        escalated = state.escalated
        iteration = state.iteration
    }

    struct Result: Sendable {
        let accepted: Bool
        let reason: String
        let standing: Race.Standing
        /// The keys of the cases that decided.
        let cases: Set<String>
        /// nil when nothing could be raced.
        let record: RaceRecord?
        /// What all judges judged, whoever decided.
        var audited: [Cell] = []

        var interval: ClosedRange<Double>? { record.flatMap { CaseStatistics.interval(ofMean: $0.caseMeans) } }
    }

    /// One candidate's race while it goes on.
    private struct Runner {
        let candidate: LoopVersion
        var until: Int
        var judges: Set<String>
        var result: Result?
    }

    /// Races, and notes in the state what all judges judged on the way.
    func run(
        _ candidates: [LoopVersion], opponent: LoopVersion, _ state: inout LoopState
    ) async throws -> [Result] {
        let isRandom = context.definition.models.first?.parameters.temperature != 0
        let places = CaseOrder.race(
            context.cases.search, seed: context.definition.seed, iteration: iteration,
            avoiding: opponent.acceptanceCases, onlyFresh: state.stalls >= 2,
            // Only once: an incumbent that was lucky on its evidence by chance must not keep that advantage.
            measured: state.stalls == 0 && state.measured == opponent.version.id ? state.blindEvidence : [],
            replicates: context.settings.replicates,
            // At temperature 0 a second answer would be the first one again.
            atLeast: isRandom ? context.settings.race.maxCases : 0)
        for cell in context.cells(of: [opponent], on: state.evidence[opponent.version.id] ?? []) {
            state.raced[cell] = context.allJudges
        }
        let results = try await run(candidates, opponents: [opponent], places: places, asked: &state.raced)
        note(results, &state)
        return results
    }

    /// The edits of two winners together against the mean of the two, where both have run: what each of them won by luck
    /// there counts against their union, and what they have in common is no gain. `winners` names the better one first.
    func join(_ union: LoopVersion, _ winners: [LoopVersion], _ state: inout LoopState) async throws -> Result {
        let results = try await run(
            [union], opponents: winners, places: JoinedPlaces.of(winners, context.cases.search), asked: &state.raced)
        note(results, &state)
        return results[0]
    }

    private func note(_ results: [Result], _ state: inout LoopState) {
        let known = Set(state.audited.map(\.key))
        var fresh: Set<OutputKey> = []
        state.audited += results.flatMap(\.audited)
            .filter { !known.contains($0.key) && fresh.insert($0.key).inserted }
    }

    private func run(
        _ candidates: [LoopVersion], opponents: [LoopVersion], places: [RacePlace], asked: inout [Cell: Set<String>]
    ) async throws -> [Result] {
        let race = Race(context.settings.race)
        var runners = candidates.map { candidate -> Runner in
            guard case .goOn(let until) = race.decide([], looked: 0, available: places.count) else {
                return Runner(candidate: candidate, until: 0, judges: [], result: Self.nothingToRace)
            }
            return Runner(
                candidate: candidate, until: until,
                judges: escalated ? context.allJudges : context.searchJudge, result: nil)
        }
        while runners.contains(where: { $0.result == nil }) {
            asked.merge(try await evaluate(runners, opponents, places: places)) { $0.union($1) }
            let board = await context.scoreboard(ensemble)
            for index in runners.indices where runners[index].result == nil {
                look(&runners[index], race, opponents, places: places, asked, board)
            }
        }
        return runners.map { $0.result ?? Self.nothingToRace }
    }

    private static let nothingToRace = Result(
        accepted: false, reason: "there is no case to race on",
        standing: Race.Standing(mean: 0, standardError: .infinity, cases: 0), cases: [], record: nil)

    /// The cells that the undecided need, judged by the judges that they need; no call beyond the next look.
    private func evaluate(
        _ runners: [Runner], _ opponents: [LoopVersion], places: [RacePlace]
    ) async throws -> [Cell: Set<String>] {
        // A cell that several runners share is asked for once, by all the judges that any of them needs.
        var judges: [Cell: Set<String>] = [:]
        for runner in runners where runner.result == nil {
            for place in places.prefix(runner.until) {
                for cell in cells(of: runner, opponents, at: place) {
                    judges[cell, default: []].formUnion(isAudited(place) ? context.allJudges : runner.judges)
                }
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (judges, cells) in Dictionary(grouping: judges.keys, by: { judges[$0] ?? [] }) {
                group.addTask { try await context.shared.evaluate(cells, judges: judges) }
            }
            try await group.waitForAll()
        }
        return judges
    }

    private func cells(of runner: Runner, _ opponents: [LoopVersion], at place: RacePlace) -> [Cell] {
        (opponents + [runner.candidate]).map {
            Cell(
                version: $0.version, testCase: place.testCase, model: context.primaryModel, replicate: place.replicate)
        }
    }

    private func isAudited(_ place: RacePlace) -> Bool {
        AuditSample.contains(
            place, seed: context.definition.seed, iteration: iteration, share: context.settings.auditShare)
    }

    private func look(
        _ runner: inout Runner, _ race: Race, _ opponents: [LoopVersion], places: [RacePlace],
        _ asked: [Cell: Set<String>], _ board: Scoreboard
    ) {
        let used = Array(places.prefix(runner.until))
        let judges = runner.judges
        let pairs = used.compactMap { place -> (place: RacePlace, difference: Double)? in
            let scores = (opponents + [runner.candidate]).compactMap {
                board.score(
                    $0.version.id, on: place.testCase, models: [context.primaryModel], replicates: [place.replicate],
                    judges: judges)
            }
            guard scores.count == opponents.count + 1 else { return nil }
            return (place, scores[opponents.count] - scores.dropLast().reduce(0, +) / Double(opponents.count))
        }
        let record = RaceRecord(
            opponent: opponents[0].version.id, others: opponents.dropFirst().map(\.version.id),
            judges: context.pointwiseJudges.filter(judges.contains),
            models: [context.primaryModel],
            differences: pairs.map {
                RaceRecord.Difference(
                    testCase: $0.place.testCase.id, replicate: $0.place.replicate, value: $0.difference)
            })
        let differences = record.caseMeans
        let audited = used.filter(isAudited).flatMap { cells(of: runner, opponents, at: $0) }
        func result(_ accepted: Bool, _ reason: String, _ standing: Race.Standing) -> Result {
            Result(
                accepted: accepted, reason: reason, standing: standing, cases: Set(pairs.map(\.place.testCase.key)),
                record: record, audited: audited)
        }
        let standing = race.standing(differences)
        context.report(
            .raced(iteration: iteration, version: runner.candidate.number, mean: standing.mean, cases: standing.cases))
        if let danger = SafetyGate(board: board, judges: judges).danger(
            of: runner.candidate, against: opponents[0],
            on: used.map { SafetyGate.Place($0.testCase, context.primaryModel, $0.replicate) }, seen: asked)
        {
            runner.result = result(false, danger, standing)
            return
        }
        switch race.decide(
            differences, looked: used.count, cases: Set(used.map(\.testCase.key)).count, available: places.count)
        {
        case .accept:
            runner.result = result(true, standing.accepted, standing)
        case .reject:
            runner.result = result(false, standing.rejected, standing)
        case .goOn(let until):
            if used.count >= context.settings.race.escalateAt { runner.judges = context.allJudges }
            runner.until = until
        }
    }
}

extension Race.Standing {
    var signed: String { CaseStatistics.signed(mean) }

    var accepted: String {
        mean > 0
            ? "gained \(signed) on \(cases) cases" : "lost no more than a race forgives, \(signed) on \(cases) cases"
    }

    var rejected: String {
        mean < 0 ? "lost, \(signed) on \(cases) cases" : "gained only \(signed) on \(cases) cases"
    }
}

/// The places on which two winners of one iteration have both run.
enum JoinedPlaces {
    static func of(_ winners: [LoopVersion], _ cases: [TestCase]) -> [RacePlace] {
        let known = Dictionary(cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let places = winners.map { winner in
            (winner.decision?.race?.differences ?? []).compactMap { one in
                known[one.testCase].map { RacePlace(testCase: $0, replicate: one.replicate) }
            }
        }
        guard let first = places.first else { return [] }
        return first.filter { place in places.dropFirst().allSatisfy { $0.contains(place) } }
    }
}
