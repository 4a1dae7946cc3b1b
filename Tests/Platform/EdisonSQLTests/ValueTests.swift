import EdisonCore
import EdisonSQL
import EdisonTestKit
import Testing

@Suite("Stored values")
struct ValueTests {
    /// One row that holds every kind of value.
    private func stored(
        _ kind: TestDatabase, integer: Int64? = nil, real: Double? = nil, text: String? = nil, blob: [UInt8]? = nil,
        sourceLocation: SourceLocation = #_sourceLocation, isKept: (Row) throws -> Bool
    ) async throws {
        try await kind.empty { database in
            try await database.write { db in
                try db.execute(Self.table(db.dialect))
                try db.execute("INSERT INTO kept (i, r, t, b) VALUES (\(integer), \(real), \(text), \(blob))")
            }
            let row = try #require(try await database.read { db in try db.fetchOne("SELECT i, r, t, b FROM kept") })
            let kept = try isKept(row)
            #expect(kept, "\(row)", sourceLocation: sourceLocation)
        }
    }

    private static func table(_ dialect: Dialect) -> SQL {
        dialect == .sqlite
            ? "CREATE TABLE kept (i INTEGER, r REAL, t TEXT, b BLOB) STRICT"
            : "CREATE TABLE kept (i BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA)"
    }

    @Test("64-bit integers come back as they went", arguments: TestDatabase.allCases)
    func integers(_ kind: TestDatabase) async throws {
        let values: [Int64] = [.min, .min + 1, -1, 0, 1, 9_007_199_254_740_993, .max]
        for value in values {
            try await stored(kind, integer: value) { try $0.int64("i") == value }
        }
    }

    @Test("doubles come back bit by bit; the sign of zero is dropped on both", arguments: TestDatabase.allCases)
    func doubles(_ kind: TestDatabase) async throws {
        let values: [Double] = [
            0.1, 1.0 / 3, .pi, 1e300, -1e-300, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
            .greatestFiniteMagnitude, .infinity, -.infinity, 3, 9_007_199_254_740_992,
        ]
        for value in values {
            try await stored(kind, real: value) { try $0.double("r").bitPattern == value.bitPattern }
        }
        try await stored(kind, real: -0.0) { try $0.double("r").bitPattern == 0 }
    }

    @Test("what is not a number is refused, not stored as NULL", arguments: TestDatabase.allCases)
    func notANumber(_ kind: TestDatabase) async throws {
        try await kind.empty { database in
            let error = try await #require(throws: EdisonError.self) {
                try await database.write { db in _ = try db.fetch("SELECT \(Double.nan) AS r") }
            }
            #expect(error.code == .internal)
            #expect(error.message.contains("NaN"))
        }
    }

    @Test("text comes back scalar by scalar", arguments: TestDatabase.allCases)
    func texts(_ kind: TestDatabase) async throws {
        let values = [
            "", " ", "plain", "'; DROP TABLE kept; --", "\\x41", "\\N", "a\tb\r\nc\u{1}", "👩‍👩‍👧‍👦 é e\u{301} \u{10FFFF}",
            "%_?$1", "NULL", "\u{FEFF}bom", String(repeating: "long 🧪 ", count: 40_000),
        ]
        for value in values {
            try await stored(kind, text: value) { try Array($0.string("t").utf8) == Array(value.utf8) }
        }
    }

    @Test("a NUL in text becomes U+FFFD on both, and the rest is kept", arguments: TestDatabase.allCases)
    func nulInText(_ kind: TestDatabase) async throws {
        try await stored(kind, text: "a\0b\0") { try $0.string("t") == "a\u{FFFD}b\u{FFFD}" }
    }

    @Test("bytes come back as they went", arguments: TestDatabase.allCases)
    func blobs(_ kind: TestDatabase) async throws {
        let values: [[UInt8]] = [[], [0], Array(0...255), Array(repeating: 0, count: 70_000), Array("\\x41".utf8)]
        for value in values { try await stored(kind, blob: value) { try $0.bytes("b") == value } }
    }

    @Test("NULL, the empty text and the empty blob stay apart", arguments: TestDatabase.allCases)
    func emptyAndNull(_ kind: TestDatabase) async throws {
        try await stored(kind, text: "", blob: []) { row in
            try row.optionalString("t") == "" && row.optionalBytes("b") == [] && row.optionalInt64("i") == nil
                && row.optionalDouble("r") == nil
        }
        try await stored(kind, integer: 0) { row in
            try row.optionalString("t") == nil && row.optionalBytes("b") == nil && row.optionalBool("i") == false
        }
    }

    @Test("times, money, truth values, ids and JSON keep their meaning", arguments: TestDatabase.allCases)
    func kinds(_ kind: TestDatabase) async throws {
        let moment = Timestamp(microseconds: 1_763_990_400_123_456)
        try await stored(kind, integer: moment.microseconds) { try $0.timestamp("i") == moment }
        let money = Money(nanodollars: -9_000_000_000_000_000_001)
        try await stored(kind, integer: money.nanodollars) { try $0.money("i") == money }
        try await stored(kind, integer: 1) { try $0.bool("i") }
        let json: JSONValue = ["z": 1, "a": [nil, 1.5, "é\u{0}"], "n": 9_007_199_254_740_993]
        try await kind.empty { database in
            let row = try await database.write { db in
                try db.execute(Self.table(db.dialect))
                try db.execute("INSERT INTO kept (t) VALUES (\(json)), (\(JSONValue.null))")
                return try db.fetch("SELECT t FROM kept")
            }
            #expect(try row[0].json("t") == json)
            #expect(try row[0].json("t").text() == json.text())
            #expect(try row[1].optionalString("t") == nil)
            #expect(try row[1].json("t").isNull)
        }
    }

    @Test("a column of the wrong type, and one that is missing, are named", arguments: TestDatabase.allCases)
    func mismatches(_ kind: TestDatabase) async throws {
        try await stored(kind, integer: 1, text: "x") { row in
            #expect(throws: EdisonError.self) { try row.string("i") }
            #expect(throws: EdisonError.self) { try row.int64("t") }
            return try #require(throws: EdisonError.self) { try row.string("nothing") }.message.contains("nothing")
        }
    }
}
