import EdisonAccounts
import EdisonDatasets
import EdisonEvents
import EdisonExperiments
import EdisonJobs
import EdisonProjects
import EdisonPrompts
import EdisonSQL
import EdisonSecrets
package import EdisonWeb
package import Logging
import ServiceLifecycle
import UnixSignals

/// The product as a server: everything wired together, its routes, and its orderly end.
package struct Server: Sendable {
    private let settings: ServerSettings
    private let log: Logger
    private let workbench: Workbench
    private let passwords: Passwords
    package let routes: RouteTable
    private let service: APIService
    private let jobs: [JobDefinition]
    private let queue: JobQueue

    package init(_ settings: ServerSettings, log: Logger) async throws {
        self.settings = settings
        self.log = log
        workbench = try await Workbench.open(database: settings.database)
        let box = try SecretBox(
            keys: try settings.secretKeys.map(SealingKey.list)
                ?? SecretKeyFile(path: settings.secretKeyFile).keys())
        passwords = Passwords()
        let tokens = await AccessTokens(keys: box.derived(for: "access tokens"))
        let meter = RequestMeter()
        let accounts = AccountService(
            database: workbench.database, passwords: passwords, tokens: tokens,
            registration: settings.registrationPolicy)
        let access = Memberships(database: workbench.database, tokens: tokens)
        let database = workbench.database
        let queue = JobQueue(database: database)
        let experiments = ExperimentsFeature(
            experiments: HostedExperiments(
                database: database, calls: workbench.calls, events: EventLog(database: database), queue: queue,
                providers: NoProviders()))
        jobs = experiments.jobs
        self.queue = queue
        let endpoints =
            AccountsFeature(accounts: accounts).endpoints
            + ProjectsFeature(projects: ProjectService(database: database, access: access)).endpoints
            + PromptsFeature(prompts: PromptService(database: database)).endpoints
            + DatasetsFeature(datasets: DatasetService(database: database)).endpoints + experiments.endpoints
        routes = RouteTable(
            endpoints.map { $0.under("/api/v1") } + Health(database: workbench.database, meter: meter).endpoints)
        service = APIService(
            routes: routes, access: access, settings: settings.web,
            repeats: RepeatedRequests(database: workbench.database, box: box), meter: meter, log: log)
    }

    /// Serves until SIGTERM or SIGINT; what is under way then ends first.
    package func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let web = WebServer(service, host: settings.host, port: settings.port, log: log, onReady: onReady)
        var group = ServiceGroupConfiguration(
            services: [.init(service: web)], gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        group.maximumGracefulShutdownDuration = .seconds(8)
        do { try await ServiceGroup(configuration: group).run() } catch {
            await close()
            throw error
        }
        await close()
    }

    private func close() async {
        passwords.end()
        await workbench.close()
    }
}
