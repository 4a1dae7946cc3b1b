import EdisonCore
import EdisonDatasets
import EdisonTestKit
import Testing

@Suite("Cases from CSV")
struct CSVTests {
    private func read(_ text: String, mapping: [String: String] = [:]) throws -> CaseImport.Imported {
        try CaseImport.read(text, format: .csv, kind: .golden, mapping: mapping)
    }

    private func inputs(_ imported: CaseImport.Imported) -> [JSONValue] { imported.cases.map { .object($0.input) } }

    @Test("known columns keep their meaning, every other one is a field of the input")
    func columns() throws {
        let imported = try read(
            "message,expected,tags,difficulty,language,cluster,city\nHello,greeting,a;b,4,de,c1,Bern\n")
        let testCase = try #require(imported.cases.first)
        #expect(testCase.input == ["message": "Hello", "city": "Bern"])
        #expect(testCase.expected == "greeting")
        #expect(testCase.tags == ["a", "b"])
        #expect(testCase.difficulty == 4)
        #expect(testCase.language == "de")
        #expect(testCase.cluster == "c1")
        #expect(imported.rejected.isEmpty)
    }

    @Test("empty cells of known columns are absent, empty cells of the input are empty")
    func emptyCells() throws {
        let testCase = try #require(try read("message,city,expected,tags,difficulty\nHello,,,,\n").cases.first)
        #expect(testCase.input == ["message": "Hello", "city": ""])
        #expect(testCase.expected == nil)
        #expect(testCase.tags.isEmpty)
        #expect(testCase.difficulty == 3)
    }

    @Test("quoted fields may hold separators, quotes and line ends")
    func quoting() throws {
        let imported = try read("message,city\n\"a, \"\"b\"\"\nc\",Bern\n\"\",x\n")
        #expect(inputs(imported) == [["message": "a, \"b\"\nc", "city": "Bern"], ["message": "", "city": "x"]])
    }

    @Test("line ends of all systems are taken, and a missing last one", arguments: ["\n", "\r\n"])
    func lineEnds(_ end: String) throws {
        let imported = try read(["message,city", "a,b", "c,d"].joined(separator: end))
        #expect(inputs(imported) == [["message": "a", "city": "b"], ["message": "c", "city": "d"]])
        #expect(
            inputs(try read(["message,city", "\"a\",\"b\"", ""].joined(separator: end))) == [
                ["message": "a", "city": "b"]
            ])
    }

    @Test("commas, semicolons and tabs separate, as the header says", arguments: [",", ";", "\t"])
    func separators(_ separator: String) throws {
        let imported = try read("message\(separator)city\na\(separator)b\n")
        #expect(inputs(imported) == [["message": "a", "city": "b"]])
    }

    @Test("a byte order mark is no part of the first name")
    func byteOrderMark() throws {
        #expect(inputs(try read("\u{FEFF}message,city\na,b\n")) == [["message": "a", "city": "b"]])
    }

    @Test("bad rows are reported by line, and the others are read")
    func badRows() throws {
        let text = """
            message,city
            "one
            line more",a
            too,many,fields
            few
            fine,b
            "never closed,c
            quote " inside,d
            "text"after,e
            last,f

            """
        let imported = try read(text)
        #expect(
            inputs(imported) == [
                ["message": "one\nline more", "city": "a"], ["message": "fine", "city": "b"],
                ["message": "last", "city": "f"],
            ])
        #expect(imported.rejected.map(\.row) == [4, 5, 7, 8, 9])
        let messages = imported.rejected.map(\.message)
        #expect(messages[0].contains("3 fields"))
        #expect(messages[1].contains("1 fields"))
        #expect(messages[2].contains("quote"))
        #expect(messages[3].contains("quote"))
        #expect(messages[4].contains("closing quote"))
    }

    @Test("one stray quote does not swallow the file")
    func strayQuote() throws {
        let rows = (0..<500).map { "row \($0),x" }
        let imported = try read((["message,city", "\"stray,x"] + rows).joined(separator: "\n"))
        #expect(imported.cases.count == 500)
        #expect(imported.rejected.map(\.row) == [2])
    }

    @Test("a cell that makes no case is reported by its line")
    func badCells() throws {
        let imported = try read("message,difficulty\na,hard\nb,9\nc,2\n")
        #expect(imported.rejected.map(\.row) == [2, 3])
        #expect(imported.cases.map(\.difficulty) == [2])
    }

    @Test("blank lines are skipped, and do not shift the numbers of the lines")
    func blankLines() throws {
        let imported = try read("message,city\n\na,b\n\n\nbroken\n")
        #expect(imported.cases.count == 1)
        #expect(imported.rejected.map(\.row) == [6])
    }

    @Test("a table without rows has no cases, and an unreadable header is an error")
    func noRows() throws {
        #expect(try read("").cases.isEmpty)
        #expect(try read("message,city\n").cases.isEmpty)
        let error = #expect(throws: EdisonError.self) { try read("\"message,city\na,b\n") }
        #expect(error?.code == .invalid)
    }

    @Test("a header that names a column twice is refused, since one of the two would be lost")
    func doubledColumn() {
        let error = #expect(throws: EdisonError.self) { try read("message,city,message\na,b,c\n") }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("message") == true)
    }

    @Test("columns are mapped, and mapping stands above the known names")
    func mapping() throws {
        let imported = try read(
            "Text,Queue,expected,Level\nHello,greeting,note,5\n",
            mapping: ["Text": "input.message", "Queue": "expected", "expected": "input.remark", "Level": "difficulty"])
        let testCase = try #require(imported.cases.first)
        #expect(testCase.input == ["message": "Hello", "remark": "note"])
        #expect(testCase.expected == "greeting")
        #expect(testCase.difficulty == 5)
    }

    @Test("a column named input holds text, or an object as JSON")
    func inputColumn() throws {
        let imported = try read("input,expected\nHello,a\n\"{\"\"message\"\": \"\"Hi\"\", \"\"n\"\": 2}\",b\n")
        #expect(inputs(imported) == [["input": "Hello"], ["message": "Hi", "n": 2]])
    }

    @Test("what is written with any quoting is read back")
    func roundTrip() throws {
        let pieces = ["a", ",", ";", "\"", "\n", "\r\n", "\t", " ", "é", "👩‍👩‍👧", "''", "\u{2028}"]
        for round in 0..<200 {
            var draw = SeededGenerator(round)
            func cell() -> String {
                (0..<Int.random(in: 0...5, using: &draw)).map { _ in pieces.randomElement(using: &draw) ?? "" }.joined()
            }
            let rows = (0..<Int.random(in: 1...5, using: &draw)).map { _ in [cell(), cell(), "end"] }
            func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
            let text = ([["p", "q", "r"]] + rows).map { $0.map(quoted).joined(separator: ",") }.joined(separator: "\n")
            let imported = try read(text)
            #expect(imported.rejected.isEmpty, "round \(round)")
            let read = imported.cases.map { testCase in ["p", "q", "r"].map { testCase.input[$0]?.string ?? "?" } }
            #expect(read.map { $0.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } }, "round \(round)")
        }
    }

    @Test("any text at all is read or refused, and each line is accounted for")
    func anything() {
        let pieces: [UInt8] = Array("ab,;\"\n\r\t {}[]:0-".utf8)
        for round in 0..<1_000 {
            var draw = SeededGenerator(round)
            let bytes = (0..<Int.random(in: 0...60, using: &draw)).map { _ in pieces.randomElement(using: &draw) ?? 0x61
            }
            let text = "p,q\n" + String(decoding: bytes, as: UTF8.self)
            guard let imported = try? read(text) else { continue }
            let lines = text.utf8.count { $0 == 0x0A } + 1
            #expect(imported.cases.count + imported.rejected.count <= lines)
            #expect(imported.rejected.allSatisfy { $0.row >= 2 && $0.row <= lines })
        }
    }
}
