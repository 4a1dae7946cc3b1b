import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts
import EdisonSQL
import EdisonSchema
import EdisonTestKit

/// A database with one prompt version and some cases, for outputs and judgments to refer to.
struct EvaluationFixture: Sendable {
    let database: Database
    let version: PromptVersion
    let cases: [TestCase]

    static func on(_ kind: TestDatabase, cases count: Int = 3, _ use: (EvaluationFixture) async throws -> Void)
        async throws
    {
        try await kind.migrated { database in
            let ids = IDSource.random
            let prompt = Prompt(id: ids.next(), name: "p")
            let version = PromptVersion(
                id: ids.next(), promptID: prompt.id, number: 1, parentID: nil,
                content: PromptContent(text: "Answer {{message}}", systemText: "You help."), message: "",
                createdAt: .now)
            let cases = (0..<count).map { TestCase(id: ids.next(), input: ["message": .string("question \($0)")]) }
            try await database.write { db in
                try PromptStore().insert(prompt, project: LocalTenant.project, in: db)
                try PromptStore().insert(version, in: db)
                try DatasetStore().insert(dataset: "d", name: "d", project: LocalTenant.project, in: db)
                try DatasetStore().insert(cases, dataset: "d", in: db)
            }
            try await use(EvaluationFixture(database: database, version: version, cases: cases))
        }
    }

    func cell(_ index: Int = 0, model: String = "m", replicate: Int = 0) -> Cell {
        Cell(version: version, testCase: cases[index], model: model, replicate: replicate)
    }

    func output(_ cell: Cell, text: String? = "hello", error: String? = nil, cost: Money? = Money(nanodollars: 15))
        -> Output
    {
        Output(
            id: IDSource.random.next(), key: cell.key, text: text, error: error, cached: false, inputTokens: 30,
            outputTokens: 7, cost: cost, latency: .microseconds(123_456))
    }

    func insert(_ outputs: [Output] = [], _ judgments: [Judgment] = [], scope: String = "s") async throws {
        try await database.write { db in
            for output in outputs { try EvaluationStore().insert(output, scope: scope, in: db) }
            for judgment in judgments { try EvaluationStore().insert(judgment, scope: scope, in: db) }
        }
    }

    func insert(_ scan: SafetyScan, scope: String = "s") async throws {
        try await database.write { db in try SafetyScanStore().insert(scan, scope: scope, in: db) }
    }

    func scans(scope: String = "s") async throws -> [SafetyScan] {
        try await database.read { db in try SafetyScanStore().scans(scope: scope, in: db) }
    }

    func stored(scope: String = "s") async throws -> (outputs: [Output], judgments: [Judgment]) {
        try await database.read { db in
            (try EvaluationStore().outputs(scope: scope, in: db), try EvaluationStore().judgments(scope: scope, in: db))
        }
    }
}
