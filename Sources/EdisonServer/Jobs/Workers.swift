import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonWeb
import Foundation
import Logging
import ServiceLifecycle

/// Takes jobs and queues what recurs, until the process is told to end: then it takes no more, and what runs has the
/// time of grace before it goes back to the queue.
struct Workers: Service {
    private static let presenceEvery: Duration = .seconds(15)
    /// At once, beside the others.
    private static let briefJobs = 2

    private let jobs: JobList
    /// One for jobs that take their time, and one for those that must not wait behind them.
    private let workers: [JobWorker]
    private let name: String
    private let register: WorkerRegister
    private let log: Logger
    private let onReady: @Sendable (_ name: String) -> Void

    /// - Parameters:
    ///   - role: what kind of process it is, for whoever reads the list of workers.
    ///   - onReady: called with its name when it begins; from then on it ends in order when the process is told to.
    init(
        _ jobs: JobList, _ settings: WorkerSettings, role: String, log: Logger,
        onReady: @escaping @Sendable (_ name: String) -> Void = { _ in }
    ) {
        self.jobs = jobs
        self.log = log
        self.onReady = onReady
        register = WorkerRegister(jobs.queue)
        let name =
            "\(role) \(ProcessInfo.processInfo.hostName) \(getpid()) \(IDSource.random.next(JobWorker.self).text)"
        workers = [
            (name, jobs.definitions.filter { !$0.isBrief }, settings.concurrency),
            ("\(name) brief", jobs.definitions.filter(\.isBrief), Self.briefJobs),
        ].filter { !$0.1.isEmpty }.map { name, definitions, concurrency in
            JobWorker(
                name, queue: jobs.queue, definitions: definitions,
                settings: .init(concurrency: concurrency, grace: settings.grace), observe: { JobLog(log).note($0) })
        }
        self.name = name
    }

    func run() async throws {
        onReady(name)
        await withTaskGroup(of: Bool.self) { group in
            for worker in workers {
                group.addTask {
                    await worker.runHearing()
                    return true
                }
            }
            group.addTask {
                await JobScheduler(jobs.queue, jobs.schedules).run { JobLog(log).note(.trouble($0)) }
                return false
            }
            group.addTask {
                await showPresence()
                return false
            }
            group.addTask {
                if (try? await gracefulShutdown()) != nil { await stop() }
                return false
            }
            // A worker ends when all are told to: what the other one runs has its time too.
            var left = workers.count
            for await isOver in group where isOver {
                left -= 1
                if left == 0 { group.cancelAll() }
            }
        }
        // Not cancelled with the process; who cannot say goodbye is found by the lock.
        await Task { for worker in workers { try? await register.sign(out: worker) } }.value
    }

    private func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { await worker.stop() } }
        }
    }

    private func showPresence() async {
        while !Task.isCancelled {
            do { for worker in workers { try await register.sign(in: worker) } } catch {
                if !(error is CancellationError) { JobLog(log).note(.trouble(error)) }
            }
            if (try? await Task.sleep(for: Self.presenceEvery)) == nil { return }
        }
    }
}
