import EdisonEvents
import EdisonExperiments
import EdisonJobs
import EdisonLLM
import EdisonProviders
import EdisonSecrets

/// What the server and a process of workers have in common: the services that jobs need, built once.
struct Dependencies: Sendable {
    let workbench: Workbench
    let box: SecretBox
    let providers: ProvidersFeature
    let experiments: HostedExperiments
    let jobs: JobList

    /// - Parameter makesKey: whether a key for secrets is made where there is none.
    init(
        _ settings: ServerSettings, makesKey: Bool, onCall: @escaping @Sendable (CallEvent) -> Void = { _ in }
    ) async throws {
        let addresses: AddressPolicy = settings.mayCallPrivateProviders ? .anywhere : .publicOnly
        // Before a database is made that nothing could be done with.
        let file = SecretKeyFile(path: settings.secretKeyFile)
        box = try SecretBox(keys: try settings.secretKeys.map(SealingKey.list) ?? file.keys(make: makesKey))
        workbench = try await Workbench.open(
            database: settings.database, migrating: SchemaPolicy(settings.migrates), addresses: addresses,
            onCall: onCall)
        let queue = JobQueue(database: workbench.database)
        let events = workbench.experiments.events
        providers = ProvidersFeature(
            database: workbench.database, box: box, transport: workbench.transport, addresses: addresses,
            calls: workbench.calls)
        experiments = HostedExperiments(
            database: workbench.database, calls: workbench.calls, events: events, queue: queue,
            providers: CredentialSource(credentials: providers.credentials))
        jobs = JobList(
            queue: queue, events: events, settings.jobs,
            features: ExperimentsFeature(experiments: experiments).jobs)
    }
}
