import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonSQL
import EdisonSchema
import EdisonTestKit
import Synchronization

/// Everything that a run needs: an empty database, a server that plays the models, and the services over them.
struct LoopFixture: Sendable {
    let server: WireServer
    let database: Database
    let calls: ModelCalls
    let service: ExperimentService

    static func running(
        _ model: ScriptedModel = ScriptedModel(), on kind: TestDatabase = .sqlite,
        _ use: (LoopFixture) async throws -> Void
    ) async throws {
        try await running(on: kind, { model.reply(to: $0) }, use)
    }

    static func running(
        on kind: TestDatabase = .sqlite, _ answer: @escaping @Sendable (WireServer.Request) -> WireServer.Reply,
        _ use: (LoopFixture) async throws -> Void
    ) async throws {
        try await kind.migrated { database in
            try await WireServer.running(answer) { server in
                let transport = HTTPTransport()
                var retry = RetryPolicy()
                retry.base = 0.001
                let calls = ModelCalls(
                    database: database, providers: ProviderCatalog.providers(transport), prices: PriceTable([]),
                    retry: retry)
                let service = ExperimentService(database: database, calls: calls, project: LocalTenant.project)
                let fixture = LoopFixture(server: server, database: database, calls: calls, service: service)
                do {
                    try await use(fixture)
                } catch {
                    await transport.shutdown()
                    throw error
                }
                await transport.shutdown()
            }
        }
    }

    /// A run of `cases` cases with one model, one judge and a refiner, all behind the server.
    func definition(cases: Int = 24, judges: [String] = ["judge"]) -> ExperimentDefinition {
        var definition = Sample.definition(at: server.url, cases: Sample.cases(cases), judges: judges)
        definition.loop.proposals = 1
        return definition
    }

    @discardableResult
    func refine(
        _ definition: ExperimentDefinition, start: ExperimentService.Start = .continueOrNew,
        reviewer: any Reviewer = NoReviewer(), events: EventBox = EventBox()
    ) async throws -> ExperimentService.Finished {
        try await service.refine(definition, start: start, reviewer: reviewer) { events.add($0) }
    }

    /// The calls that the server was asked for, in the order of arrival.
    var wireCalls: [WireCall] { server.requests.compactMap(WireCall.init) }
    func wireCalls(_ schema: String?) -> [WireCall] { wireCalls.filter { $0.schema == schema } }
}

/// What a run reported, in order.
final class EventBox: Sendable {
    private let events = Mutex<[RunEvent]>([])

    func add(_ event: RunEvent) { events.withLock { $0.append(event) } }
    var all: [RunEvent] { events.withLock { $0 } }
}
