import EdisonCore
import EdisonSQL

/// Takes jobs from the queue and runs them, a bounded number at once, until it is stopped.
package struct JobWorker: Sendable {
    package struct Settings: Sendable {
        package var concurrency: Int
        /// How often to look for what nobody announced: jobs of other processes, those that come due, cancellations.
        package var lookEvery: Duration
        package var heartbeatEvery: Duration
        /// How long running jobs may go on once the worker is to stop.
        package var grace: Duration

        package init(
            concurrency: Int = 5, lookEvery: Duration = .seconds(1), heartbeatEvery: Duration = .seconds(15),
            grace: Duration = .seconds(20)
        ) {
            self.concurrency = concurrency
            self.lookEvery = lookEvery
            self.heartbeatEvery = heartbeatEvery
            self.grace = grace
        }
    }

    /// Unique to this process and its start.
    package let name: String
    /// Whose jobs alone it takes; nil = everybody's.
    let owner: String?
    let queue: JobQueue
    let definitions: [JobKind: JobDefinition]
    let settings: Settings
    let random: @Sendable () -> Double
    let observe: @Sendable (JobEvent) -> Void
    let running = RunningJobs()
    private let life: WorkerLife

    package init(
        _ name: String, queue: JobQueue, definitions: [JobDefinition], owner: String? = nil,
        settings: Settings = Settings(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        observe: @escaping @Sendable (JobEvent) -> Void = { _ in }
    ) {
        self.name = name
        life = WorkerLife(name, queue.database)
        self.owner = owner
        self.queue = queue
        self.definitions = Dictionary(definitions.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.settings = settings
        self.random = random
        self.observe = observe
    }

    /// Works until `stop` is called and what runs has ended, or until the task is cancelled: then what runs is given
    /// back at once.
    package func run() async {
        await working { runner in
            for await _ in runner {
                await workThrough()
                if running.isClosed { return }
            }
        }
    }

    /// The same, and hears at once of jobs that other processes, and other queues of this one, have queued: for workers
    /// that stay.
    package func runHearing() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [queue] in
                for await _ in queue.database.listen(to: JobQueue.channel) { queue.signal.wake() }
            }
            await run()
            group.cancelAll()
        }
    }

    /// Works until nothing is due any more: for a program that does its jobs and ends.
    package func drain() async { await working { _ in await workThrough() } }

    /// Takes no more jobs, and lets `run` end when what runs has ended.
    package func finish() {
        running.close()
        queue.signal.wake()
    }

    /// Takes no more jobs, and lets `run` end: the running jobs have the time of grace, then they are given back.
    package func stop() async {
        running.close()
        queue.signal.wake()
        guard !running.jobs.isEmpty else { return }
        try? await queue.time.sleep(settings.grace)
        running.stopAll()
    }

    /// The runners beside what keeps their claims alive.
    private func working(_ run: @escaping @Sendable (AsyncStream<Void>) async -> Void) async {
        await holdLife()
        defer { life.release() }
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { attendants in
                attendants.addTask { await repeating(every: settings.heartbeatEvery) { await heartbeat() } }
                attendants.addTask { await lookAround() }
                await withTaskGroup(of: Void.self) { runners in
                    for _ in 0..<max(1, settings.concurrency) {
                        let wakes = queue.signal.wakes()
                        runners.addTask { await run(wakes) }
                    }
                    queue.signal.wake()
                }
                attendants.cancelAll()
            }
        } onCancel: {
            running.close()
            running.stopAll()
        }
    }

    private func repeating(every interval: Duration, _ work: () async -> Void) async {
        while (try? await queue.time.sleep(interval)) != nil, !Task.isCancelled { await work() }
    }

    /// One runner: a job after the other, while there are any.
    private func workThrough() async {
        while !running.isClosed, let job = await next() {
            // It was claimed while the worker was told to stop.
            if running.isClosed { return await giveBack(job) }
            await perform(job)
        }
    }

    private func giveBack(_ job: Job) async {
        // Not cancelled with the worker; what fails here waits for the lease to run out.
        await Task {
            do { _ = try await queue.database.write { db in try queue.release(job, db) } } catch {
                observe(.trouble(error))
            }
        }.value
    }

    private func next() async -> Job? {
        do { return try await queue.claim(Array(definitions.keys), of: owner, by: life.name) } catch {
            if !(error is CancellationError) { observe(.trouble(error)) }
            return nil
        }
    }

    /// While it is held, others know that this worker lives. Without it they wait for the leases to run out.
    private func holdLife() async {
        do {
            // Others may have taken its jobs over in the meantime.
            if try await life.hold() { await heartbeat() }
        } catch { observe(.trouble(error)) }
    }

    /// Looks for work as often as the settings say, and for dead workers about once a second.
    private func lookAround() async {
        let looksPerSecond = max(1, Int((.seconds(1) / settings.lookEvery).rounded()))
        var looks = 0
        await repeating(every: settings.lookEvery) {
            looks += 1
            await look(forDead: looks.isMultiple(of: looksPerSecond))
        }
    }

    private func look(forDead: Bool) async {
        queue.signal.wake()
        if forDead { await holdLife() }
        do {
            if forDead { try await queue.expireLeasesOfTheDead(but: name) }
            for job in try await queue.cancelRequests(among: running.jobs) { running.stop(job, .cancelRequested) }
        } catch { observe(.trouble(error)) }
    }

    private func heartbeat() async {
        do {
            for (job, standing) in try await queue.heartbeat(running.jobs) {
                switch standing {
                case .held: break
                case .cancelRequested: running.stop(job, .cancelRequested)
                case .lost: running.stop(job, .lost)
                }
            }
        } catch { observe(.trouble(error)) }
    }
}
