import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts
import EdisonSQL
import EdisonTestKit
import Synchronization

/// Keeps outputs, judgments and scans in the database of the test.
struct StoredRecord: EvaluationRecord {
    let fixture: EvaluationFixture

    func record(_ output: Output, of cell: Cell) async throws -> Output {
        try await fixture.insert([output])
        return output
    }
    func record(_ judgment: Judgment) async throws { try await fixture.insert([], [judgment]) }
    func record(_ scan: SafetyScan) async throws { try await fixture.insert(scan) }
}

/// A model behind a real HTTP server: a judge when a judgment is asked for, else a writer.
final class ScriptedModel: Sendable {
    typealias Answer = @Sendable (_ request: JSONValue) -> (status: Int, text: String)

    private let write: Answer
    private let judge: Answer
    private let seen = Mutex<[JSONValue]>([])

    init(
        write: @escaping Answer = { request in (200, "answer to \(request["messages"]?[1]?["content"]?.string ?? "")")
        },
        judge: @escaping Answer = { _ in (200, #"{"scores": {"Quality": 4}, "safety_flags": {"pii_detected": true}}"#) }
    ) {
        self.write = write
        self.judge = judge
    }

    var requests: [JSONValue] { seen.withLock { $0 } }
    var executions: [JSONValue] { requests.filter { $0["response_format"] == nil } }
    var judgments: [JSONValue] { requests.filter { $0["response_format"] != nil } }

    func reply(_ request: WireServer.Request) -> WireServer.Reply {
        guard let body = try? JSONValue(parsing: request.body) else { return WireServer.Reply(status: 400, "{}") }
        seen.withLock { $0.append(body) }
        let answer = body["response_format"] == nil ? write(body) : judge(body)
        let headers = [("content-type", "application/json")]
        guard answer.status == 200 else {
            return WireServer.Reply(status: answer.status, headers: headers, #"{"error": {"message": "out of order"}}"#)
        }
        let json: JSONValue = [
            "model": "m",
            "choices": [
                [
                    "index": 0, "message": ["role": "assistant", "content": .string(answer.text)],
                    "finish_reason": "stop",
                ]
            ],
            "usage": ["prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15],
        ]
        return WireServer.Reply(headers: headers, json.text())
    }
}

/// An evaluator over an empty database and a server that plays its models.
enum EvaluatorFixture {
    static func running(
        _ model: ScriptedModel, judges: [String] = ["j"], temperature: Double? = nil, seed: UInt64 = 1,
        scanning subjects: Set<SafetyScanner.Subject> = [],
        _ use: (EvaluationFixture, Evaluator) async throws -> Void
    ) async throws {
        try await EvaluationFixture.on(.sqlite) { fixture in
            try await WireServer.running({ model.reply($0) }) { server in
                let transport = HTTPTransport()
                let endpoint = Endpoint(kind: .openAICompatible, credentialID: "c", baseURL: server.url + "/v1")
                let rate = Money.PerMillionTokens(nanodollars: 1_000_000_000)
                let reference = ModelReference(endpoint: endpoint, model: "m", price: Price(input: rate, output: rate))
                let runModel = RunModel(
                    name: "m", reference: reference,
                    parameters: ModelParameters(temperature: temperature, maxTokens: 20))
                let run = EvaluationRun(
                    scope: "s", goal: "Answer well.", rubric: Rubric([Criterion(name: "Quality", weight: 1)]),
                    models: [runModel],
                    judges: judges.map {
                        RunJudge(
                            judge: Judge(name: $0, mode: .pointwise, model: $0),
                            model: RunModel(name: $0, reference: reference))
                    },
                    scanner: subjects.isEmpty
                        ? nil
                        : SafetyScanner(model: RunModel(name: "guard", reference: reference), subjects: subjects),
                    budgets: [], seed: seed)
                let calls = StructuredCalls(
                    models: ModelCalls(database: fixture.database, providers: ProviderCatalog.providers(transport)))
                let evaluator = Evaluator(
                    run: run, calls: calls, memo: EvaluationMemo(), store: StoredRecord(fixture: fixture),
                    gate: ConcurrencyGate(width: 4))
                do { try await use(fixture, evaluator) } catch {
                    await transport.shutdown()
                    throw error
                }
                await transport.shutdown()
            }
        }
    }
}
