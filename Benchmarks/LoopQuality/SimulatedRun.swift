import EdisonCore
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import EdisonServer
import Foundation
import Synchronization

/// One whole run of the loop, as `edison refine` makes it: a file, a database of its own, and a simulated provider on
/// loopback behind the ordinary pipeline of calls.
struct SimulatedRun: Sendable {
    let task: SimulatedTask
    let arm: Arm
    let seed: Int
    /// Keys of the experiment file beside those of the arm.
    let settings: JSONObject
    let provider: String
    /// Holds the cases of the task.
    let folder: URL

    func record() async throws -> RunRecord {
        let place = folder.appendingPathComponent("\(UUID().uuidString).db").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place + end) } }
        let limits = arm.limits.isEmpty ? [nil] : arm.limits.map(Optional.some)
        let definitions = try limits.map(definition)
        let watch = RunWatch(definition: definitions[0], searchJudge: arm.judges.first ?? "")
        let workbench = try await Workbench.open(database: place, onCall: { watch.called($0) })
        do {
            var results: [RunResult] = []
            for definition in definitions {
                let finished = try await workbench.experiments.refine(
                    definition, start: results.isEmpty ? .new : .continueOrNew, reviewer: NoReviewer(),
                    report: { watch.saw($0) })
                if let failure = finished.failure { throw failure }
                results.append(finished.result)
            }
            await workbench.close()
            return watch.record(of: task, seed: seed, results: results)
        } catch {
            await workbench.close()
            throw error
        }
    }

    private func definition(limit: Int?) throws -> ExperimentDefinition {
        var definition = try ExperimentFile.read(
            text: task.experiment(arm, seed: seed, provider: provider, settings).text(), name: task.name,
            in: FileEnvironment(folder: folder, variables: [:]), purpose: .refine
        ).definition
        if let limit { definition.stop.maxCalls = limit }
        return definition
    }
}

/// Follows a run: which candidates were decided on after how many calls, and which became incumbents.
final class RunWatch: Sendable {
    private struct Seen {
        var calls = 0
        var executions = 0
        var searchCalls: Int?
        var iterations = 0
        var incumbents: [Int] = [1]
        var decided: [(version: LoopVersion, opponent: Int, calls: Int, executions: Int)] = []
        var ledger: CallLedger
    }

    private let seen: Mutex<Seen>
    private let definition: ExperimentDefinition
    private let guardian: ProposalGuard

    init(definition: ExperimentDefinition, searchJudge: String) {
        self.definition = definition
        seen = Mutex(Seen(ledger: CallLedger(searchJudge: searchJudge)))
        guardian = ProposalGuard(
            goal: definition.goal, rubric: definition.rubric, settings: definition.loop, cases: [],
            seed: definition.prompt)
    }

    func called(_ event: CallEvent) {
        guard !event.result.cached, !event.result.replayed else { return }
        seen.withLock {
            $0.calls += 1
            $0.ledger.called(event)
            if event.purpose == .execute { $0.executions += 1 }
        }
    }

    func saw(_ event: RunEvent) {
        seen.withLock { seen in
            seen.ledger.saw(event)
            switch event {
            case .scored(let iteration, let version, _):
                seen.iterations = iteration
                if seen.incumbents.last != version { seen.incumbents.append(version) }
            case .decided(_, let version, let opponent):
                seen.decided.append((version, opponent, seen.calls, seen.executions))
            case .stopping: seen.searchCalls = seen.calls
            default: break
            }
        }
    }

    func record(of task: SimulatedTask, seed: Int, results: [RunResult]) -> RunRecord {
        let result = results[results.count - 1]
        let seen = seen.withLock { $0 }
        var contents = [1: definition.prompt]
        for item in seen.decided { contents[item.version.number] = item.version.version.content }
        let numbers = Dictionary(
            seen.decided.map { ($0.version.version.id, $0.version.number) }, uniquingKeysWith: { first, _ in first })
        let qualities = contents.mapValues { task.quality(of: $0.text) }
        var record = RunRecord(task: task.name, seed: seed, first: task.first, reachable: task.reachable)
        for item in seen.decided {
            let version = item.version
            let quality = qualities[version.number] ?? 0
            let parent = version.parentID.flatMap { numbers[$0] } ?? 1
            record.decisions.append(
                RunRecord.Decision(
                    iteration: version.iteration, version: version.number, opponent: item.opponent,
                    isAccepted: version.status == .accepted,
                    isUnion: version.note.hasPrefix("The edits of versions "), quality: quality,
                    gain: quality - (qualities[item.opponent] ?? task.first),
                    edits: version.edits.indices.compactMap { index in
                        gain(of: index, in: version, parent: contents[parent] ?? definition.prompt, quality, task)
                    },
                    calls: item.calls, executions: item.executions, reason: version.decision?.reason ?? "",
                    differences: version.decision?.race?.caseMeans ?? []))
        }
        record.incumbents = seen.incumbents
        if let tested = result.version(result.json["holdout"]?["version_id"]?.string)?["number"]?.int,
            record.incumbents.last != tested
        {
            record.incumbents.append(tested)
        }
        record.standingEdits = standing(in: record.incumbents.last ?? 1, seen.decided.map(\.version), numbers, task)
        record.searchCalls = seen.searchCalls ?? seen.calls
        record.calls = seen.calls
        record.ledger = seen.ledger
        record.isPromoted = result.json["holdout"]?["promoted"]?.bool ?? false
        record.promotions = results.map { $0.json["holdout"]?["promoted"]?.bool ?? false }
        record.tests = result.json["holdout"]?["repeats"]?.int.map { $0 + 1 } ?? 0
        record.stopReason = result.stopReason?.rawValue ?? ""
        record.iterations = seen.iterations
        return record
    }

    /// What one edit adds to a version: the version without it is made of its other edits.
    private func gain(
        of index: Int, in version: LoopVersion, parent: PromptContent, _ quality: Double, _ task: SimulatedTask
    ) -> Double? {
        var others = version.edits
        others.remove(at: index)
        guard let content = try? guardian.apply(others, to: parent) else { return nil }
        return quality - task.quality(of: content.text)
    }

    /// Walks from the last incumbent back to the first version, and takes each of its edits out of the last text.
    private func standing(
        in number: Int, _ versions: [LoopVersion], _ numbers: [PromptVersion.ID: Int], _ task: SimulatedTask
    ) -> [Double] {
        guard let last = versions.first(where: { $0.number == number }) else { return [] }
        let text = last.version.content.text
        let quality = task.quality(of: text)
        var gains: [Double] = []
        var current: LoopVersion? = last
        while let version = current {
            for edit in version.edits where !edit.replace.isEmpty && text.contains(edit.replace) {
                let without = text.replacing(edit.replace, with: edit.find, maxReplacements: 1)
                gains.append(quality - task.quality(of: without))
            }
            let parent = version.parentID.flatMap { numbers[$0] }
            current = versions.first { $0.number == parent }
        }
        return gains
    }
}
