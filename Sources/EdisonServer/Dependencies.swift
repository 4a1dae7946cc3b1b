import EdisonEvents
import EdisonExperiments
import EdisonIntegrations
import EdisonJobs
import EdisonLLM
import EdisonProviders
import EdisonSecrets

/// What the server and a process of workers have in common: the services that jobs need, built once.
struct Dependencies: Sendable {
    let workbench: Workbench
    let box: SecretBox
    let providers: ProvidersFeature
    let integrations: IntegrationsFeature
    let experiments: HostedExperiments
    let jobs: JobList

    /// - Parameter makesKey: whether a key for secrets is made where there is none.
    init(
        _ settings: ServerSettings, makesKey: Bool, onCall: @escaping @Sendable (CallEvent) -> Void = { _ in }
    ) async throws {
        let addresses: AddressPolicy = settings.mayCallPrivateProviders ? .anywhere : .publicOnly
        let file = SecretKeyFile(path: settings.secretKeyPlace)
        let given = try settings.secretKeys.map(SealingKey.list)
        // One that must be there, before a database is made that nothing could be done with; one that may be made, when
        // there is a database to make it for.
        let known = try makesKey ? given : given ?? file.keys(make: false)
        workbench = try await Workbench.open(
            database: settings.database, migrating: SchemaPolicy(settings.migrates), addresses: addresses,
            onCall: onCall)
        box = try SecretBox(keys: try known ?? file.keys(make: true))
        let queue = workbench.queue
        let events = workbench.experiments.events
        providers = ProvidersFeature(
            database: workbench.database, box: box, transport: workbench.transport, addresses: addresses,
            calls: workbench.calls)
        integrations = IntegrationsFeature(
            database: workbench.database, box: box, queue: queue, transport: workbench.transport, addresses: addresses)
        experiments = HostedExperiments(
            database: workbench.database, calls: workbench.calls, events: events, queue: queue,
            providers: CredentialSource(credentials: providers.credentials))
        jobs = JobList(
            queue: queue, events: events, settings.jobs,
            features: ExperimentsFeature(experiments: experiments).jobs + integrations.jobs,
            schedules: integrations.schedules)
    }
}
