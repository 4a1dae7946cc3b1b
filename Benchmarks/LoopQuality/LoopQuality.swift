import BenchmarkReporting
import EdisonCore
import Foundation
import ProviderSimulator

/// Runs the whole loop many times on tasks whose true quality is known, and prints how fast and how truly it improves
/// prompts, as the tables of `docs/loop-quality.md`. `bin/test loop-quality` runs it and holds it against that page.
@main
enum LoopQuality {
    static func main() async throws {
        let options = Options(CommandLine.arguments)
        let tasks = try [
            SimulatedTask(.support), SimulatedTask(.triage), SimulatedTask(.extract),
            SimulatedTask(HeldOutTask.museum, isHeldOut: true), SimulatedTask(HeldOutTask.release, isHeldOut: true),
            SimulatedTask(EasierTask.invite, isEasier: true),
            SimulatedTask(EasierTask.recipe, isHeldOut: true, isEasier: true),
        ].filter { options.tasks.isEmpty || options.tasks.contains($0.name) }
        let bench = try Bench(options)
        defer { bench.clear() }
        var tables: [Table] = [TaskTable.table(tasks)]
        if options.wants("comparison") {
            var calls = CallsTable()
            for arm in Arm.compared where options.arms.isEmpty || options.arms.contains(arm.name) {
                let records = try await bench.records(of: arm, on: tasks, seeds: options.seeds ?? 20)
                tables.append(QualityTable.table(arm, tasks, records))
                calls.add(arm, tasks, records)
            }
            tables.append(calls.table)
        }
        if options.wants("full") {
            let records = try await bench.records(of: .full, on: tasks, seeds: options.seeds ?? 20)
            tables.append(QualityTable.table(.full, tasks, records))
        }
        if options.wants("idle") {
            tables.append(IdleTable.table(try await bench.spread(Arm.idle, over: tasks, runs: options.seeds ?? 100)))
        }
        // Only where it is named: what it measures is told with the test, not with the loop.
        if options.parts.contains("raised") {
            let records = try await bench.spread(.raised, over: tasks, runs: options.seeds ?? 100)
            tables.append(RaisedTable.table(.raised, records))
        }
        if options.wants("sabotage") {
            var rows: [(Arm, [RunRecord])] = []
            for arm in Arm.sabotaged {
                rows.append((arm, try await bench.spread(arm, over: tasks, runs: options.seeds ?? 34)))
            }
            tables.append(SabotageTable.table(rows))
        }
        if options.wants("frozen") {
            tables.append(
                FrozenTable.table(try await bench.spread(Arm.long, over: tasks, runs: options.seeds ?? 100)))
        }
        print(tables.map(\.description).joined(separator: "\n\n"))
    }
}

/// `--seeds N` fewer runs, `--tasks A,B`, `--parts comparison,full,idle,raised,sabotage,frozen`, `--arms NAME;NAME` of the
/// comparison, `--settings JSON` for other keys of the experiment file, `--raw FILE` for one JSON line a run.
struct Options {
    var seeds: Int?
    var tasks: [String] = []
    var parts: [String] = []
    var arms: [String] = []
    var settings: JSONObject = [:]
    var raw: String?

    init(_ arguments: [String]) {
        func value(_ name: String) -> String? {
            arguments.firstIndex(of: name).flatMap { arguments.indices.contains($0 + 1) ? arguments[$0 + 1] : nil }
        }
        seeds = value("--seeds").flatMap(Int.init)
        tasks = value("--tasks")?.split(separator: ",").map(String.init) ?? []
        parts = value("--parts")?.split(separator: ",").map(String.init) ?? []
        arms = value("--arms")?.split(separator: ";").map(String.init) ?? []
        settings = value("--settings").flatMap { try? JSONValue(parsing: $0) }?.object ?? [:]
        raw = value("--raw")
    }

    func wants(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }
}

/// Runs arms on tasks, as many at a time as there are processors.
struct Bench: Sendable {
    private let folder: URL
    private let raw: FileHandle?
    private let settings: JSONObject

    init(_ options: Options) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("loop-quality-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        settings = options.settings
        if let path = options.raw { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        raw = options.raw.flatMap { FileHandle(forWritingAtPath: $0) }
    }

    func clear() { try? FileManager.default.removeItem(at: folder) }

    /// Every seed on every task.
    func records(of arm: Arm, on tasks: [SimulatedTask], seeds: Int) async throws -> [RunRecord] {
        try await run(arm, tasks.flatMap { task in (1...seeds).map { (task, $0) } })
    }

    /// So many runs in all, the tasks in turn.
    func spread(_ arm: Arm, over tasks: [SimulatedTask], runs: Int) async throws -> [RunRecord] {
        try await run(arm, (0..<runs).map { (tasks[$0 % tasks.count], 1000 + $0) })
    }

    private func run(_ arm: Arm, _ jobs: [(task: SimulatedTask, seed: Int)]) async throws -> [RunRecord] {
        let began = ContinuousClock.now
        var records: [Int: RunRecord] = [:]
        for (name, indices) in Dictionary(grouping: jobs.indices, by: { jobs[$0].task.name }).sorted(by: {
            $0.key < $1.key
        }) {
            let task = jobs[indices[0]].task
            try Data(task.caseLines.utf8).write(to: folder.appendingPathComponent("\(name).jsonl"))
            let simulator = try await Simulator.start(SimulatorConfiguration(behaviour: .apprentice([task.apprentice])))
            let provider = simulator.baseURL + "/v1"
            try await withThrowingTaskGroup(of: (Int, RunRecord).self) { group in
                var waiting = indices[...]
                func next() {
                    guard let index = waiting.popFirst() else { return }
                    let run = SimulatedRun(
                        task: task, arm: arm, seed: jobs[index].seed, settings: settings,
                        provider: provider, folder: folder)
                    group.addTask { (index, try await run.record()) }
                }
                for _ in 0..<max(2, ProcessInfo.processInfo.activeProcessorCount) { next() }
                for try await (index, record) in group {
                    records[index] = record
                    next()
                }
            }
            await simulator.stop()
        }
        let ordered = jobs.indices.compactMap { records[$0] }
        for record in ordered {
            var line = record.json.object ?? [:]
            line["arm"] = .string(arm.name)
            try raw?.write(contentsOf: Data((JSONValue.object(line).text() + "\n").utf8))
        }
        let seconds = began.duration(to: .now).components.seconds
        FileHandle.standardError.write(Data("\(arm.name): \(ordered.count) runs in \(seconds) s\n".utf8))
        return ordered
    }
}
