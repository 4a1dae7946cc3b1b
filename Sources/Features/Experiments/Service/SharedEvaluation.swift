import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonJobs
import EdisonPrompts

/// Brings cells to outputs and judgments through the queue, so that every process that works on the run takes part.
///
/// Jobs only share the work: what counts are the rows that they leave. When all are over, the process that leads the
/// run looks for what is still missing and does it itself, so an error (a budget that is used up, a disk that is full)
/// meets it where it is handled.
struct SharedEvaluation: Sendable {
    let evaluator: Evaluator
    let store: ExperimentStore
    let queue: JobQueue
    private static let lookEvery = Duration.milliseconds(100)

    private let batches = OpenBatches()
    private let concurrency: Int
    private let worker: JobWorker

    /// - Parameter isLeading: one that only takes part looks often for what the leader queues, and stops taking jobs when
    ///   it cannot do one: a wrong key here must not fail what others can do.
    init(
        evaluator: Evaluator, store: ExperimentStore, queue: JobQueue, cases: [TestCase], concurrency: Int,
        isLeading: Bool
    ) {
        self.evaluator = evaluator
        self.store = store
        self.queue = queue
        self.concurrency = concurrency
        let table = Dictionary(cases.map { ($0.id.text, $0) }, uniquingKeysWith: { first, _ in first })
        let batches = batches
        let definition = JobDefinition(CellJob.self, timeLimit: .seconds(86_400)) { job, context in
            do {
                if let failure = batches.failure { throw UnrecoverableJobError(failure) }
                let cells = try await Self.cells(of: job, table, store)
                let stored = try await store.stored(cells)
                await evaluator.memo.take(stored.outputs, stored.judgments)
                try await evaluator.evaluate(cells, judges: job.judges) { batches.execute(context.job.id) }
            } catch let error as CancellationError { throw error } catch {
                // Another attempt of the queue would only hide it from the one who leads. Where it cannot even be stored
                // that the job has failed, as on a full disk, the leader must not wait for it.
                if isLeading { batches.fail(context.job.id) }
                throw UnrecoverableJobError("\(error)")
            }
        }
        let worker = JobWorker(
            "\(store.experiment.text)/\(IDSource.random.next(Job.self).text)", queue: queue, definitions: [definition],
            owner: store.experiment.text,
            settings: JobWorker.Settings(
                concurrency: CellJob.jobsAtOnce(concurrency: concurrency),
                lookEvery: isLeading ? .seconds(1) : .milliseconds(100)),
            observe: { event in
                if case .failed(_, _, let error) = event, !isLeading { batches.giveUp(error) }
                switch event {
                case .completed(let job), .cancelled(let job): batches.end([job.id])
                case .failed(let job, _, _), .released(let job), .lost(let job): batches.execute(job.id)
                // Whether jobs can be taken and ended at all is not known: the leader finds out by doing the work itself.
                case .trouble(let error): if isLeading, !(error is CancellationError) { batches.failAll() }
                case .started: break
                }
            })
        batches.onGivingUp { worker.finish() }
        self.worker = worker
    }

    /// Why this process takes no more jobs; nil while it does.
    var failure: String? { batches.failure }

    /// Works on the run's jobs while `body` goes on, and ends those that it has taken before it returns.
    func working<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                await worker.run()
                return nil
            }
            group.addTask {
                let value = try await looking(body)
                worker.finish()
                return value
            }
            var result: Value?
            while let value = try await group.next() { result = value ?? result }
            guard let result else { throw CancellationError() }
            return result
        }
    }

    /// What other processes finish is not told here, so whoever waits looks now and then.
    private func looking<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                while (try? await Task.sleep(for: Self.lookEvery)) != nil { batches.look() }
                return nil
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let value = try await group.next() { if let value { return value } }
            throw CancellationError()
        }
    }

    func evaluate(
        _ cells: [Cell], judges: Set<String>, executed: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        let missing = await missing(cells, judges)
        if missing.count > 1 {
            let jobs = try await enqueue(missing, judges)
            try await wait(for: jobs, executed)
            // What other processes did.
            let stored = try await store.stored(await self.missing(missing, judges))
            await evaluator.memo.take(stored.outputs, stored.judgments)
        }
        try await evaluator.evaluate(cells, judges: judges, executed: executed)
    }

    private func missing(_ cells: [Cell], _ judges: Set<String>) async -> [Cell] {
        var seen: Set<OutputKey> = []
        var missing: [Cell] = []
        for cell in cells where seen.insert(cell.key).inserted {
            if await !evaluator.memo.isDone(cell.key, judges: judges) { missing.append(cell) }
        }
        return missing
    }

    private func enqueue(_ cells: [Cell], _ judges: Set<String>) async throws -> [Job.ID] {
        let parts = CellJob.parts(cells, concurrency: concurrency).map { CellJob($0, judges: judges) }
        return try await queue.enqueue(parts, JobOptions(owner: store.experiment.text))
    }

    /// Until none is open: done here, done elsewhere, or given up.
    private func wait(for jobs: [Job.ID], _ executed: @escaping @Sendable () async throws -> Void) async throws {
        let batch = batches.begin(jobs)
        defer { batches.forget(batch, jobs) }
        var isExecuted = false
        var look = ContinuousClock.now + Self.lookEvery / 2
        for await _ in batches.changes() {
            try Task.checkCancellation()
            if batches.standing(of: batch).hasFailed { return }
            let now = ContinuousClock.now
            if now >= look {
                let open = batches.open(of: batch)
                batches.end(open.subtracting(try await queue.open(among: Array(open))))
                // Thousands of open jobs take a while to look up, and this process has done most of them itself.
                look = max(.now + Self.lookEvery / 2, now + now.duration(to: .now) * 20)
            }
            let standing = batches.standing(of: batch)
            if !isExecuted, standing.isExecuted {
                isExecuted = true
                try await executed()
            }
            if standing.isOver { return }
        }
        throw CancellationError()
    }

    private static func cells(
        of job: CellJob, _ cases: [String: TestCase], _ store: ExperimentStore
    ) async throws -> [Cell] {
        var versions: [Int: PromptVersion] = [:]
        for number in Set(job.places.map(\.version)) { versions[number] = try await store.version(number: number) }
        return try job.places.map { place in
            guard let version = versions[place.version], let testCase = cases[place.testCase] else {
                throw EdisonError(.internal, "A job with a version or case that the run does not have.")
            }
            return Cell(version: version, testCase: testCase, model: place.model, replicate: place.replicate)
        }
    }
}
