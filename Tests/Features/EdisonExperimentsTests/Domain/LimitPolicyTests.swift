import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonTestKit
import Testing

@Suite("The limit of a run that names none")
struct LimitPolicyTests {
    private func limited(_ change: (inout ExperimentDefinition) -> Void) async throws -> ExperimentDefinition {
        var definition = Sample.definition()
        change(&definition)
        try await TestDatabase.sqlite.migrated { database in
            let policy = LimitPolicy(prices: ModelCalls(database: database, providers: [], prices: PriceTable([])))
            try policy.apply(to: &definition)
        }
        return definition
    }

    private func unpriced(_ name: String = "mystery") -> RunModel {
        Sample.model(name, at: "http://127.0.0.1:9", price: nil)
    }

    @Test("two dollars when every price is known")
    func dollars() async throws {
        let stop = try await limited { _ in }.stop
        #expect(stop.maxBudget == Money(nanodollars: 2_000_000_000))
        #expect(stop.maxCalls == nil)
    }

    @Test(
        "two thousand calls when the price of a model, a judge, the refiner or a variant is not known", arguments: 0..<4
    )
    func calls(_ place: Int) async throws {
        let stop = try await limited { definition in
            switch place {
            case 0: definition.models = [unpriced()]
            case 1: definition.judges[0].model = unpriced()
            case 2: definition.refiner = unpriced()
            default: definition.variants = [Variant(name: "v", prompt: Sample.prompt, model: unpriced())]
            }
        }.stop
        #expect(stop.maxBudget == nil)
        #expect(stop.maxCalls == 2_000)
    }

    @Test("a budget of one's own stays")
    func own() async throws {
        let stop = try await limited { $0.stop.maxBudget = Money(nanodollars: 5) }.stop
        #expect(stop.maxBudget == Money(nanodollars: 5))
        #expect(stop.maxCalls == nil)
    }

    @Test("a limit of tokens, calls or time does not lift the limit of money")
    func otherLimits() async throws {
        let known = try await limited { $0.stop.maxTokens = 1_000_000_000 }.stop
        #expect(known.maxBudget == Money(nanodollars: 2_000_000_000))
        #expect(known.maxTokens == 1_000_000_000)
        let unknown = try await limited { definition in
            definition.refiner = unpriced()
            definition.stop.maxDuration = .seconds(60)
        }.stop
        #expect(unknown.maxCalls == 2_000)
    }

    @Test("a limit of calls of one's own stays where a price is unknown")
    func ownCalls() async throws {
        let stop = try await limited { definition in
            definition.refiner = unpriced()
            definition.stop.maxCalls = 5_000
        }.stop
        #expect(stop.maxCalls == 5_000)
        #expect(stop.maxBudget == nil)
    }

    @Test("a budget in dollars is refused where a price is unknown, with the line to add")
    func refused() async throws {
        let error = await #expect(throws: EdisonError.self) {
            try await limited { definition in
                definition.models.append(unpriced("mystery-1"))
                definition.judges[0].model = unpriced("mystery-2")
                definition.refiner = unpriced("mystery-1")
                definition.stop.maxBudget = Money(nanodollars: 1_000_000_000)
            }
        }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("mystery-1, mystery-2") == true)
        #expect(error?.detail?.contains("price: { input: ") == true)
    }

    @Test("a model of one's own machine has the price 0")
    func local() async throws {
        let ollama = Endpoint(kind: .ollama, credentialID: "o", baseURL: "http://127.0.0.1:9")
        let stop = try await limited { definition in
            definition.models = [RunModel(name: "l", reference: ModelReference(endpoint: ollama, model: "l"))]
        }.stop
        #expect(stop.maxBudget == Money(nanodollars: 2_000_000_000))
    }
}
