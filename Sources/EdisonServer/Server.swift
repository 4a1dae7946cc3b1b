import EdisonAccounts
import EdisonAudit
import EdisonBudgets
import EdisonDatasets
import EdisonEvents
import EdisonExperiments
import EdisonIntegrations
import EdisonJobs
import EdisonPages
import EdisonProjects
import EdisonPrompts
import EdisonProviders
import EdisonQuotas
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
    private let accounts: AccountService
    package let routes: RouteTable
    private let service: APIService
    private let workers: [any Service]

    package init(_ settings: ServerSettings, log: Logger) async throws {
        self.settings = settings
        self.log = log
        let calls = CallMeter()
        let dependencies = try await Dependencies(settings, makesKey: true, onCall: calls.count)
        workbench = dependencies.workbench
        let database = workbench.database
        passwords = Passwords()
        let tokens = await AccessTokens(keys: dependencies.box.derived(for: "access tokens"))
        let meter = RequestMeter()
        let quotas = Quotas(settings.quotas, standardTier: settings.standardTier)
        let plans = PlanBudgets(calls: workbench.calls)
        try await database.write { db in try plans.apply(quotas, in: db) }
        accounts = AccountService(
            database: database, passwords: passwords, tokens: tokens, registration: settings.registrationPolicy,
            trustsFirstLink: settings.isLoopback, quotas: quotas,
            onTier: { try plans.set(quotas[$1].monthlySpending, of: $0, in: $2) })
        let access = Memberships(database: database, tokens: tokens, quotas: quotas)
        let jobs = dependencies.jobs
        // Jobs of others would fail for want of their keys; people can still enter theirs anew.
        let mayWork = await dependencies.opensSecrets(log)
        workers =
            settings.jobs.concurrency > 0 && mayWork
            ? [Workers(jobs, settings.jobs, role: "server", log: log)] : []
        let metrics = ServerMetrics(
            requests: meter, calls: calls, database: database, queue: jobs.queue, logs: [jobs.events])
        await dependencies.reseal(log)
        let people = AccountsFeature(
            accounts: accounts, isSecure: settings.web.isSecure, publicURL: settings.publicURL ?? "")
        let pages = try SharedPages()
        let features =
            AuditFeature(database: database, accounts: accounts).endpoints
            + ProjectsFeature(projects: ProjectService(database: database, access: access, quotas: quotas)).endpoints
            + PromptsFeature(prompts: PromptService(database: database)).endpoints
            + DatasetsFeature(datasets: DatasetService(database: database, quotas: quotas)).endpoints
            + dependencies.providers.endpoints
            + dependencies.integrations.endpoints
            + BudgetsFeature(database: database, calls: workbench.calls, events: jobs.events).endpoints
            + ExperimentsFeature(experiments: dependencies.experiments).endpoints
            + QuotaAPI(database: database, quotas: quotas, plans: plans).endpoints
            + JobsAPI(database: database, queue: jobs.queue).endpoints
        let all =
            (people.endpoints(beside: features) + features).map { $0.under("/api/v1") } + people.pages(pages.assets)
            + Health(database: database, metrics: metrics).endpoints
        routes = RouteTable(
            all + APIReference(describing: all.filter { !$0.isPage }).endpoints + pages.endpoints,
            aliases: Aliases.paths, prefixes: Aliases.prefixes)
        service = APIService(
            routes: routes, access: access, settings: settings.web,
            repeats: RepeatedRequests(database: database, box: dependencies.box), meter: meter, log: log,
            errorPage: pages.errorPage)
    }

    /// Serves until SIGTERM or SIGINT; what is under way then ends first.
    package func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let web = WebServer(service, host: settings.host, port: settings.port, log: log, onReady: onReady)
        var group = ServiceGroupConfiguration(
            services: [.init(service: ConcurrentServices(services: [web] + workers))],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        group.maximumGracefulShutdownDuration = settings.shutdown
        do { try await ServiceGroup(configuration: group).run() } catch {
            await close()
            throw ListenFailure.translated(error, settings)
        }
        await close()
    }

    /// Where a browser begins: at the link of the first owner, while there is nobody yet.
    package func startPath() async throws -> String {
        try await accounts.firstOwnerLink().map { "/start/\($0)" } ?? "/"
    }

    func close() async {
        passwords.end()
        await workbench.close()
    }
}
