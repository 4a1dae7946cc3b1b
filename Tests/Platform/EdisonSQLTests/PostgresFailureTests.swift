import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("What can go wrong with a PostgreSQL server")
struct PostgresFailureTests {
    private static func pid(_ db: any DatabaseConnection) throws -> Int {
        try db.fetchOne("SELECT pg_backend_pid() AS pid")?.int("pid") ?? 0
    }

    private static func terminate(_ sessions: [Int], by killer: Database) async throws {
        try await killer.write { db in
            for session in sessions {
                _ = try db.fetch("SELECT pg_terminate_backend(CAST(\(session) AS INTEGER), 5000)")
            }
        }
    }

    @Test("a session lost inside a transaction is reported, and the pool goes on")
    func lostInTransaction() async throws {
        try await TestDatabase.postgres.place { place in
            let database = try await Database.open(place)
            try await database.write { db in try db.execute("CREATE TABLE kept (n BIGINT NOT NULL)") }
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    try db.execute("INSERT INTO kept (n) VALUES (1)")
                    _ = try db.fetch("SELECT pg_terminate_backend(pg_backend_pid())")
                    try db.execute("INSERT INTO kept (n) VALUES (2)")
                }
            }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("PostgreSQL went away"))
            for n in 3...12 { try await database.write { db in try db.execute("INSERT INTO kept (n) VALUES (\(n))") } }
            let kept = try await database.read { db in try db.fetch("SELECT n FROM kept").count }
            #expect(kept == 10)
            await database.close()
        }
    }

    @Test("sessions that died while idle are replaced without a word")
    func lostIdle() async throws {
        try await TestDatabase.postgres.place { place in
            let database = try await Database.open(place)
            let killer = try await Database.open(place)
            let sessions = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await database.read { db in
                            _ = try db.fetch("SELECT pg_sleep(0.05)")
                            return try Self.pid(db)
                        }
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(sessions.count > 1)
            try await Self.terminate(sessions.sorted(), by: killer)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<32 { group.addTask { try await database.write { db in try Self.pid(db) } } }
                for try await session in group { #expect(!sessions.contains(session)) }
            }
            await killer.close()
            await database.close()
        }
    }

    @Test("far more tasks than sessions are all served")
    func manyTasks() async throws {
        try await TestDatabase.postgres.empty { database in
            let sessions = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 { group.addTask { try await database.read { db in try Self.pid(db) } } }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect((1...8).contains(sessions.count))
        }
    }

    @Test("a server that cannot be reached is named, its password is not")
    func unreachable() async throws {
        let error = try await #require(throws: EdisonError.self) {
            _ = try await Database.open("postgres://edison:hunter2@127.0.0.1:1/prompts?connect_timeout=2")
        }
        #expect(error.code == .unavailable)
        #expect(error.message == "Cannot reach PostgreSQL at postgres://edison@127.0.0.1:1/prompts.")
        #expect(error.detail?.isEmpty == false)
        #expect(!"\(error)".contains("hunter2"))
    }

    @Test("a database that does not exist is told in the server's words")
    func noDatabase() async throws {
        try await TestDatabase.postgres.place { place in
            let query = place.firstIndex(of: "?") ?? place.endIndex
            let error = try await #require(throws: EdisonError.self) {
                _ = try await Database.open("\(place[..<query])_absent\(place[query...])")
            }
            #expect(error.code == .unavailable)
            #expect(error.detail?.contains("does not exist") == true)
        }
    }

    @Test("a user without rights is told which are missing")
    func forbidden() async throws {
        try await TestDatabase.postgres.empty { database in
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    try db.execute("SET LOCAL ROLE pg_monitor")
                    _ = try db.fetch("SELECT rolpassword FROM pg_authid")
                }
            }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("may not do this"))
        }
    }

    @Test("a server that is read-only is told as such")
    func readOnly() async throws {
        try await TestDatabase.postgres.empty { database in
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    try db.execute("SET TRANSACTION READ ONLY")
                    try db.execute("CREATE TABLE kept (n BIGINT NOT NULL)")
                }
            }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("read-only"))
        }
    }

    @Test("a statement that the server gives up on is told as such")
    func timeOut() async throws {
        try await TestDatabase.postgres.empty { database in
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    try db.execute("SET LOCAL statement_timeout = 20")
                    _ = try db.fetch("SELECT pg_sleep(30)")
                }
            }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("gave up waiting"))
        }
    }

    @Test("a server that runs out of something says of what, and what to do about it")
    func noRoom() async throws {
        try await TestDatabase.postgres.empty { database in
            let full = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    try db.execute("DO $$ BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$")
                }
            }
            #expect(full.code == .unavailable)
            #expect(full.message.contains("no room left") && full.message.contains("could not extend file"))
            #expect(full.detail?.contains("Free some space") == true)

            let crowded = try await #require(throws: EdisonError.self) {
                try await database.write { db in
                    try db.execute("DO $$ BEGIN RAISE 'sorry, too many clients' USING ERRCODE = '53300'; END $$")
                }
            }
            #expect(crowded.code == .unavailable)
            #expect(crowded.message.contains("no more connections"))
            #expect(crowded.detail?.contains("max_connections") == true)
        }
    }
}
