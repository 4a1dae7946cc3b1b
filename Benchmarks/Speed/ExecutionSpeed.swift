import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import EdisonSQL
import EdisonSchema
import Foundation

/// Executions of a prompt that no judge scores, with calls, attempts, budget and outputs stored, by a provider that
/// answers at once and in this process: the cost of Edison itself.
struct ExecutionSpeed {
    let place: String
    let cases: Int
    /// With a price, the attempt is written down before its first byte goes out.
    let isPriced: Bool

    func measure() async throws {
        let database = try await Database.open(place)
        try await Schema.migrate(database)
        let calls = ModelCalls(database: database, providers: [InstantProvider()], prices: PriceTable([]))
        let service = ExperimentService(database: database, calls: calls, project: LocalTenant.project)
        let before = Self.processorTime
        let began = ContinuousClock.now
        let finished = try await service.evaluate(definition, start: .new) { _ in }
        let seconds = began.duration(to: .now).inSeconds
        let processor = Self.processorTime - before
        await database.close()
        let answered = finished.result.json["outputs"]?.array?.count { $0["text"]?.string != nil } ?? 0
        guard answered == cases else { throw EdisonError(.internal, "\(answered) of \(cases) cases were answered.") }
        Speed.put(
            "executions", seconds: seconds,
            [
                "cases": JSONValue(cases), "processor_seconds": .number(processor),
                "peak_bytes": JSONValue(Self.peakMemory),
            ])
    }

    private var definition: ExperimentDefinition {
        let price =
            isPriced
            ? Price(input: .init(nanodollars: 1_000_000_000), output: .init(nanodollars: 4_000_000_000)) : .free
        let endpoint = Endpoint(
            kind: InstantProvider.name, credentialID: "main", baseURL: "http://127.0.0.1:9", apiKey: Secret("none"))
        let model = RunModel(
            name: "instant", reference: ModelReference(endpoint: endpoint, model: "instant", price: price),
            parameters: ModelParameters(maxTokens: 100))
        var definition = ExperimentDefinition(
            name: "Speed", goal: "Answer customers.",
            rubric: Rubric([
                Criterion(name: "Answers", weight: 1, check: Check(kind: .contains, operand: "Thank you"))
            ]),
            prompt: PromptContent(text: "Answer the customer kindly.\n\nMessage: {{message}}"), models: [model],
            judges: [], refiner: nil,
            cases: (0..<cases).map { number in
                TestCase(
                    id: IDSource.random.next(),
                    input: ["message": .string("My parcel number \(number) did not come. Where is it?")])
            }.preparedForSplit())
        definition.loop.concurrency = 64
        return definition
    }

    /// `RUSAGE_SELF`, which has another type on each system.
    private static let thisProcess: Int32 = 0

    /// Seconds of all threads, in the program and in the system for it.
    private static var processorTime: Double {
        var usage = rusage()
        getrusage(Self.thisProcess, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static var peakMemory: Int {
        var usage = rusage()
        getrusage(Self.thisProcess, &usage)
        return usage.ru_maxrss * 1024
    }
}

/// Answers at once.
private struct InstantProvider: ModelProvider {
    static let name = ProviderKind("instant")

    var kind: ProviderKind { Self.name }

    func respond(to request: ModelRequest, at endpoint: Endpoint, attempt: Attempt) async throws -> ModelResponse {
        ModelResponse(
            text: "Thank you for your message. We look into it and answer within a day. "
                + (request.messages.last?.text ?? ""),
            usage: TokenUsage(input: 40, output: 60), model: request.model, finishReason: .stop)
    }

    func stream(
        _ request: ModelRequest, at endpoint: Endpoint, attempt: Attempt
    ) -> AsyncThrowingStream<StreamPiece, any Error> {
        AsyncThrowingStream { $0.finish() }
    }

    func embed(
        _ texts: [String], model: String, at endpoint: Endpoint, attempt: Attempt
    ) async throws -> EmbeddingResponse {
        throw ProviderFailure(.notAllowed, "no vectors")
    }

    func models(at endpoint: Endpoint) async throws -> [ModelListing] { [] }
}
