import EdisonCore
import EdisonTestKit
import Foundation
import Testing

@testable import EdisonSQL

@Suite("A database as a file")
struct DatabaseFileTests {
    private func withFolder(_ use: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("edison-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await use(folder)
    }

    private func count(_ path: String) async throws -> Int {
        let database = try await Database.open(path)
        let count = try await database.read { try $0.fetchOne("SELECT COUNT(*) AS n FROM a")?.int("n") ?? -1 }
        await database.close()
        return count
    }

    @Test("a snapshot is whole while others write, and only its owner may read it")
    func snapshot() async throws {
        try await withFolder { folder in
            let (path, copy) = (folder.appendingPathComponent("a.db").path, folder.appendingPathComponent("b.db").path)
            let database = try await Database.open(path)
            try await database.write { db in try db.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT)") }
            for _ in 0..<20 { try await database.write { db in try db.execute("INSERT INTO a (t) VALUES ('x')") } }
            async let writing: Void = {
                for _ in 0..<100 { try await database.write { db in try db.execute("INSERT INTO a (t) VALUES ('y')") } }
            }()
            try await DatabaseFile(path: path).writeSnapshot(to: copy)
            try await writing
            await database.close()
            try await DatabaseFile(path: copy).requireSound()
            #expect((20...120).contains(try await count(copy)))
            let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
        }
    }

    @Test("a damaged file, and one that is no database, are refused")
    func damaged() async throws {
        try await withFolder { folder in
            let path = folder.appendingPathComponent("a.db").path
            let database = try await Database.open(path)
            try await database.write { db in
                try db.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT UNIQUE)")
                for index in 0..<2_000 { try db.execute("INSERT INTO a (t) VALUES (\("text \(index) \(index * 7)"))") }
            }
            await database.close()
            try await DatabaseFile(path: path).requireSound()
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try bytes.prefix(bytes.count / 2).write(to: folder.appendingPathComponent("cut.db"))
            for index in stride(from: bytes.count / 2, to: bytes.count / 2 + 3_000, by: 1) { bytes[index] = 0xA5 }
            try bytes.write(to: folder.appendingPathComponent("spoilt.db"))
            try Data("a letter".utf8).write(to: folder.appendingPathComponent("letter.db"))
            for name in ["cut.db", "spoilt.db", "letter.db"] {
                let file = DatabaseFile(path: folder.appendingPathComponent(name).path)
                await #expect(throws: EdisonError.self, "\(name)") { try await file.requireSound() }
            }
        }
    }

    @Test("a file takes the place of another one, whose log is never read into it")
    func replaced() async throws {
        try await withFolder { folder in
            let (old, new) = (
                folder.appendingPathComponent("old.db").path, folder.appendingPathComponent("new.db").path
            )
            for (path, rows) in [(old, 3), (new, 7)] {
                let database = try await Database.open(path)
                try await database.write { db in
                    try db.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
                    for _ in 0..<rows { try db.execute("INSERT INTO a DEFAULT VALUES") }
                }
                await database.close()
            }
            // As one leaves it that was killed.
            try Data("left over".utf8).write(to: URL(fileURLWithPath: old + "-wal"))
            try await DatabaseFile(path: new).replace(DatabaseFile(path: old))
            #expect(try await count(old) == 7)
            #expect(!FileManager.default.fileExists(atPath: new))
        }
    }

    @Test("somebody else's tables are left alone, with their names")
    func others() async throws {
        try await withFolder { folder in
            let path = folder.appendingPathComponent("photos.db").path
            let database = try await Database.open(path)
            try await database.write { db in try db.execute("CREATE TABLE photo (id INTEGER PRIMARY KEY)") }
            let error = try await #require(throws: EdisonError.self) { try await TestDatabase.migrate(database) }
            #expect(error.message == "\(path) is the database of another program: it has the tables photo.")
            #expect(try await database.read { try TableCatalog.tables(in: $0).map(\.name) } == ["photo"])
            await database.close()
        }
    }
}
