import EdisonBudgets
import EdisonCore
import EdisonEvents
package import EdisonExperiments
import EdisonIntegrations
import EdisonJobs
package import EdisonLLM
package import EdisonSQL
import EdisonSchema

/// Everything wired together, once: database, providers, services. What runs it is the command line or the server.
package struct Workbench: Sendable {
    package let database: Database
    package let calls: ModelCalls
    package let experiments: ExperimentService
    package let labels: LabelService
    package let reviews: ReviewQueue
    package let transport: HTTPTransport
    /// The one queue of this process, so that whoever adds a job wakes the workers beside it.
    let queue: JobQueue

    /// Opens the database, brings its schema up to date, and builds the services on it.
    package static func open(
        database place: String, migrating: SchemaPolicy = .migrate, project: String = LocalTenant.project,
        addresses: AddressPolicy = .anywhere,
        onCall: @escaping @Sendable (CallEvent) -> Void = { _ in },
        onTraffic: @escaping @Sendable (TrafficEvent) -> Void = { _ in }
    ) async throws -> Workbench {
        let database = try await Database.open(place)
        do { try await migrating.apply(to: database, named: place) } catch {
            await database.close()
            throw error
        }
        let transport = HTTPTransport(addresses: addresses)
        let events = EventLog(database: database)
        let queue = JobQueue(database: database)
        let notices = BudgetNotices(
            events: events, notifications: Notifications([DeliveryOutbox(queue: queue).take]))
        // What nobody else has made is the command line's, and paid for by the tenant of those without a server.
        let payer = Payer(
            organization: OrganizationID(LocalTenant.organization), project: ProjectID(project), user: nil)
        let calls = ModelCalls(
            database: database, transport: transport, observer: onCall, onTraffic: onTraffic,
            onCrossing: { try notices.record($0, $1) }
        ).charged(to: payer)
        return Workbench(
            database: database, calls: calls,
            experiments: ExperimentService(database: database, calls: calls, project: project, events: events),
            labels: LabelService(database: database, project: project),
            reviews: ReviewQueue(database: database, project: project), transport: transport, queue: queue)
    }

    package func close() async {
        await transport.shutdown()
        calls.end()
        await database.close()
    }
}
