import EdisonCore
import EdisonLLM
import EdisonSQL
import EdisonTestKit
import Synchronization
import Testing

@Suite("Budgets under load and faults", .timeLimit(.minutes(3)))
struct BudgetFaultTests {
    /// Answers four in five requests, drawn from the question and how often it was asked, and keeps its own bill: what
    /// the caller was told, and what it was not told of.
    private final class Provider: Sendable {
        struct Book {
            var asked: [String: Int] = [:]
            /// By attempt.
            var told: [String: Int64] = [:]
            var untold: [String: Int64] = [:]
        }

        let book = Mutex(Book())

        func reply(_ request: ModelServer.Request) async -> WireReply {
            let count = book.withLock { book in
                book.asked[request.text, default: 0] += 1
                return book.asked[request.text, default: 0]
            }
            let draw = ContentHash(of: "\(request.text) \(count)").text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 1_000 }
            let usage = TokenUsage(input: request.text.utf8.count, output: 1 + draw % 20)
            let cost = Int64(usage.input) * 3_000 + Int64(usage.output) * 15_000
            // As many of each: 20 % in all.
            let fault = draw < 200 ? draw / 25 : -1
            let isTold = !(3...6).contains(fault)
            let isBilled = fault < 0 || fault > 2
            book.withLock { book in
                if isTold {
                    book.told[request.attempt] = isBilled ? cost : 0
                } else {
                    book.untold[request.attempt] = cost
                }
            }
            switch fault {
            case 0: return .refusal(429, headers: [("retry-after", "0")])
            case 1: return .refusal(500)
            case 2: return .refusal(503)
            case 3: return .cut
            case 4: return .broken
            case 5: return .malformed
            case 6: return .nothing
            case 7: return .answer("", usage: usage)
            default: return .answer("yes", usage: usage)
            }
        }
    }

    @Test(
        "64 calls at once with 20 % faults, by several processes: not overspent at any moment, and nothing is lost",
        arguments: TestDatabase.allCases)
    func never(_ kind: TestDatabase) async throws {
        let provider = Provider()
        try await PipelineFixture.on(kind, processes: 3) {
            await provider.reply($0)
        } _: { (fixture: PipelineFixture) async throws in
            try await Self.watch(fixture, kind)
            let all = (0..<3).map { fixture.calls(process: $0) }
            // About two thirds of what all calls would cost.
            let limit = Money(nanodollars: 130_000_000)
            let budget = try await all[0].budget(scope: "run", limit: limit, tokens: nil, calls: nil)
            let reference = fixture.reference(settings: ["timeout": 3])
            let (answered, refused) = try await Self.outcomes(fixture, all) { n in
                fixture.call("\(n)", "Question number \(n)", to: reference, budgets: [budget])
            }
            let book = provider.book.withLock { $0 }
            #expect(answered > 300 && refused > 100)
            #expect(try await fixture.row("SELECT COUNT(*) AS n FROM over_budget").int("n") == 0)

            // Every request is in the ledger, once, and costs what the provider counted, to the nano-dollar.
            var attempts: [String: Row] = [:]
            for row in try await fixture.rows("SELECT * FROM model_attempt") { attempts[try row.string("id")] = row }
            #expect(Set(fixture.server.requests.map(\.attempt)) == Set(attempts.keys))
            #expect(attempts.count == fixture.server.requests.count)
            var (held, settled) = (Money.zero, Int64(0))
            for (id, row) in attempts {
                if try row.string("status") == "lost" {
                    // Cut off, or later than our own clock allows: nobody knows, so all of it is held.
                    let amount = try row.money("reserved_nano")
                    #expect(amount.nanodollars >= book.untold[id] ?? book.told[id] ?? .max)
                    held = held + amount
                } else {
                    #expect(try row.string("status") == "settled")
                    #expect(try row.money("cost_nano").nanodollars == book.told[id])
                    settled += book.told[id] ?? 0
                }
            }
            let state = try await fixture.budget(budget)
            #expect(state.spent == Money(nanodollars: settled))
            #expect(state.unconfirmed == held && held > .zero)
            #expect(state.reserved == .zero && state.reservedTokens == 0)
            #expect(state.bound <= limit)
            // The provider's whole bill, what it never told of included, is within the limit.
            #expect(book.told.values.reduce(0, +) + book.untold.values.reduce(0, +) <= limit.nanodollars)
            // It stopped when nothing more could be paid for with certainty.
            #expect(state.bound + PipelineFixture.bound("Question number 899") > limit)
        }
    }

    /// 900 calls, 64 at once, in turn by each of the processes: how many were answered, and how many had no budget.
    private static func outcomes(
        _ fixture: PipelineFixture, _ all: [ModelCalls], _ call: @escaping @Sendable (Int) -> ModelCall
    ) async throws -> (answered: Int, refused: Int) {
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for worker in 0..<64 {
                group.addTask {
                    var (answered, refused) = (0, 0)
                    for n in stride(from: worker, to: 900, by: 64) {
                        do {
                            if try await all[n % all.count].perform(call(n)).response != nil { answered += 1 }
                        } catch let error as EdisonError where error.code == .budgetExceeded { refused += 1 }
                    }
                    return (answered, refused)
                }
            }
            return try await group.reduce(into: (0, 0)) { $0 = ($0.0 + $1.0, $0.1 + $1.1) }
        }
    }

    @Test("what the cache answers costs nothing and needs no budget", arguments: TestDatabase.allCases)
    func cached(_ kind: TestDatabase) async throws {
        try await PipelineFixture.on(kind) { _ in
            .answer("yes")
        } _: { (fixture: PipelineFixture) async throws in
            let calls = fixture.calls()
            func ask(_ scope: String, limit: Money) async throws -> (results: [CallResult], budget: BudgetState) {
                let budget = try await calls.budget(scope: scope, limit: limit, tokens: nil, calls: nil)
                let results = try await withThrowingTaskGroup(of: CallResult.self) { group in
                    for n in 0..<200 {
                        group.addTask {
                            try await calls.perform(
                                fixture.call("\(n)", "Question \(n)", scope: scope, budgets: [budget], caching: .on))
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                return (results, try await fixture.budget(budget))
            }
            let first = try await ask("first", limit: Money(nanodollars: 1_000_000_000))
            #expect(first.budget.spent == Money(nanodollars: 200 * 105_000))
            let second = try await ask("second", limit: .zero)
            #expect(second.results.allSatisfy { $0.text == "yes" && $0.cached && $0.cost == Money.zero })
            #expect(second.budget == BudgetState())
            #expect(try await calls.totals(scope: "second").cached == 200)
            #expect(try await calls.totals(scope: "second").cost == .zero)
            #expect(fixture.server.requests.count == 200)
        }
    }

    /// Has the database itself write down every moment at which more is set aside than may be spent.
    private static func watch(_ fixture: PipelineFixture, _ kind: TestDatabase) async throws {
        try await fixture.change("CREATE TABLE over_budget (amount BIGINT)")
        if kind == .sqlite {
            try await fixture.change(
                """
                CREATE TRIGGER over_budget AFTER UPDATE ON budget
                WHEN NEW.spent_nano + NEW.unconfirmed_nano + NEW.reserved_nano > NEW.limit_nano
                BEGIN INSERT INTO over_budget VALUES (NEW.spent_nano + NEW.unconfirmed_nano + NEW.reserved_nano); END
                """)
        } else {
            try await fixture.change(
                """
                CREATE FUNCTION over_budget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
                INSERT INTO over_budget VALUES (NEW.spent_nano + NEW.unconfirmed_nano + NEW.reserved_nano);
                RETURN NEW; END'
                """)
            try await fixture.change(
                """
                CREATE TRIGGER over_budget AFTER UPDATE ON budget FOR EACH ROW
                WHEN (NEW.spent_nano + NEW.unconfirmed_nano + NEW.reserved_nano > NEW.limit_nano)
                EXECUTE FUNCTION over_budget()
                """)
        }
        // It notices.
        let budget = try await fixture.calls().budget(scope: "tried", limit: .zero, tokens: nil, calls: nil)
        try await fixture.change("UPDATE budget SET reserved_nano = 1 WHERE id = \(budget)")
        try #require(try await fixture.row("SELECT COUNT(*) AS n FROM over_budget").int("n") == 1)
        try await fixture.change("DELETE FROM over_budget")
        try await fixture.change("DELETE FROM budget WHERE id = \(budget)")
    }
}
