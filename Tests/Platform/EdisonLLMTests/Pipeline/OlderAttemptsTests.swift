import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@testable import EdisonLLM

@Suite("Attempts that a build before this one has sent", .timeLimit(.minutes(3)))
struct OlderAttemptsTests {
    /// Until migration 16 each budget of an attempt had a row of its own.
    @Test("what they hold is released when they are given up", arguments: TestDatabase.allCases)
    func released(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            try await TestDatabase.migrate(database, through: 15)
            try await database.write { db in
                try db.execute(
                    """
                    INSERT INTO budget (id, scope, limit_nano, reserved_nano, reserved_tokens, spent_calls, created_at)
                    VALUES ('b', 'run', 100, 30, 300, 2, 0)
                    """)
                for (call, status) in [("one", "sent"), ("two", "settled")] {
                    try db.execute(
                        """
                        INSERT INTO model_call
                            (id, call_key, scope, purpose, status, provider, credential, model, request_hash,
                             price_known, created_at)
                        VALUES (\(call), \(call), 'run', 'execute', 'open', 'p', 'c', 'm', 'h', 1, 0)
                        """)
                    try db.execute(
                        """
                        INSERT INTO model_attempt
                            (id, call_id, status, process, reserved_nano, reserved_tokens, sent_at)
                        VALUES (\(call), \(call), \(status), 'dead', 30, 300, 0)
                        """)
                }
                try db.execute("INSERT INTO budget_hold VALUES ('one', 'b', 30, 300)")
            }
            try await TestDatabase.migrate(database)
            let ledger = CallLedger(database: database, process: "this")
            #expect(try await ledger.recover(scope: "run", from: ["dead"]) == 1)
            let row = try #require(try await database.read { try $0.fetchOne("SELECT * FROM budget") })
            #expect(try row.money("reserved_nano") == .zero)
            #expect(try row.money("unconfirmed_nano") == Money(nanodollars: 30))
            #expect(try row.int("reserved_tokens") == 0)
            #expect(try row.int("spent_tokens") == 300)
        }
    }
}
