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

    private let jobs: JobList
    private let worker: JobWorker
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
        worker = JobWorker(
            name, queue: jobs.queue, definitions: jobs.definitions,
            settings: .init(concurrency: settings.concurrency, grace: settings.grace),
            observe: { JobLog(log).note($0) })
    }

    func run() async throws {
        onReady(worker.name)
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await worker.runHearing()
                return true
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
                if (try? await gracefulShutdown()) != nil { await worker.stop() }
                return false
            }
            for await isOver in group where isOver { group.cancelAll() }
        }
        // Not cancelled with the process; who cannot say goodbye is found by the lock.
        await Task { try? await register.sign(out: worker) }.value
    }

    private func showPresence() async {
        while !Task.isCancelled {
            do { try await register.sign(in: worker) } catch {
                if !(error is CancellationError) { JobLog(log).note(.trouble(error)) }
            }
            if (try? await Task.sleep(for: Self.presenceEvery)) == nil { return }
        }
    }
}
