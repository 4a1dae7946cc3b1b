import EdisonTestKit

/// Texts that are hard on diffs: few different lines, look-alikes, patch syntax as content, all kinds of endings.
struct RandomTexts {
    var generator: SeededGenerator

    init(round: Int) { generator = SeededGenerator(round) }

    private static let words = [
        "", "a", "b", "a ", " a", "\ta", "caf\u{E9}", "cafe\u{301}", "👩‍👩‍👧", "👩", "日本語", "x\u{2028}y", "x\u{85}y", "x\ry",
        "--- a/prompt.txt", "+++ b/prompt.txt", "@@ -1,2 +1,2 @@", "-- ", "-", "+", "\\ No newline at end of file",
        "<<<<<<< ours", "=======", "{{name}}", "{{#s}}", "diff --git a/x b/x", "\u{FEFF}start", "1", "2", "3",
    ]

    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    mutating func chance(_ percent: Int) -> Bool { int(1...100) <= percent }
    mutating func element<Value>(_ values: [Value]) -> Value { values[int(0...(values.count - 1))] }

    /// Few kinds of lines make many equal neighbours.
    mutating func text() -> String {
        let kinds = int(1...Self.words.count)
        let ending = element(["\n", "\n", "\r\n", ""])
        var lines: [String] = []
        for _ in 0..<(chance(10) ? 0 : int(0...14)) {
            lines.append(Self.words[int(0...(kinds - 1))] + (ending.isEmpty ? element(["\n", "\r\n"]) : ending))
        }
        return joined(lines)
    }

    /// The text with some lines replaced, removed, added or swapped.
    mutating func variant(of text: String) -> String {
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self) + "\n"
        }
        for _ in 0..<int(0...4) {
            let place = int(0...lines.count)
            switch int(1...4) {
            case 1: lines.insert(element(Self.words) + element(["\n", "\r\n"]), at: place)
            case 2 where place < lines.count: lines.remove(at: place)
            case 3 where place < lines.count: lines[place] = element(Self.words) + "\n"
            case 4 where place < lines.count: lines.swapAt(place, int(0...(lines.count - 1)))
            default: break
            }
        }
        return joined(lines)
    }

    /// Now and then without the last line ending.
    private mutating func joined(_ lines: [String]) -> String {
        var bytes = Array(lines.joined().utf8)
        if chance(30), bytes.last == 0x0A { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Some bytes changed, lost, doubled or moved.
    mutating func damaged(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<int(1...4) where !bytes.isEmpty {
            let place = int(0...(bytes.count - 1))
            switch int(1...5) {
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(element(Array("-+ @\\\n\r0123456789,{}#/^>=!".utf8) + [0, 0xFF]), at: place)
            case 3: bytes[place] = UInt8(int(0...255))
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + int(1...30)))
            default: bytes.insert(contentsOf: Array(bytes[place..<min(bytes.count, place + int(1...30))]), at: place)
            }
        }
        return bytes
    }
}

/// Texts are compared by their bytes: Swift's equality takes "é" for "e" with an accent.
func isSame(_ left: String?, _ right: String?) -> Bool { left.map { Array($0.utf8) } == right.map { Array($0.utf8) } }
