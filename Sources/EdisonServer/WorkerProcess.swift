import EdisonCore
import EdisonProviders
import EdisonSQL
package import Logging
import ServiceLifecycle
import UnixSignals

/// A process that takes jobs beside those of the server, from the same database.
package struct WorkerProcess: Sendable {
    private let settings: ServerSettings
    private let log: Logger
    private let dependencies: Dependencies

    package init(_ settings: ServerSettings, log: Logger) async throws {
        guard settings.jobs.concurrency > 0 else {
            throw EdisonError(
                .invalid, "A worker takes at least one job at once.", detail: "Leave --jobs out, or raise it.")
        }
        self.settings = settings
        self.log = log
        dependencies = try await Dependencies(settings.asWorker, makesKey: false)
        do { try await dependencies.providers.credentials.requireOwnKey() } catch {
            await dependencies.workbench.close()
            throw error
        }
    }

    /// Works until SIGTERM or SIGINT; what runs then ends or goes back to the queue.
    package func run(onReady: @escaping @Sendable (_ name: String) -> Void) async throws {
        let workers = Workers(dependencies.jobs, settings.jobs, role: "worker", log: log, onReady: onReady)
        var group = ServiceGroupConfiguration(
            services: [.init(service: workers)], gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        group.maximumGracefulShutdownDuration = .seconds(8)
        do { try await ServiceGroup(configuration: group).run() } catch {
            await dependencies.workbench.close()
            throw error
        }
        await dependencies.workbench.close()
    }
}
