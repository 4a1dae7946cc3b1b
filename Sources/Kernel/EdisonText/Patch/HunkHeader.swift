/// `@@ -start,count +start,count @@`, with any text behind it.
struct HunkHeader {
    let oldStart: Int
    let oldCount: Int
    let newStart: Int
    let newCount: Int

    static func isMarked(_ line: TextLine) -> Bool { line.starts(with: "@@ -".utf8) }

    /// Nil when the line is no such header, and when a number is too large to be a line's.
    init?(_ line: TextLine) {
        var rest = line
        func skip(_ text: String) -> Bool {
            guard rest.starts(with: text.utf8) else { return false }
            rest = rest.dropFirst(text.utf8.count)
            return true
        }
        func number() -> Int? {
            let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            rest = rest.dropFirst(digits.count)
            return Int32(String(decoding: digits, as: UTF8.self)).map(Int.init)
        }
        guard skip("@@ -"), let oldStart = number(), let oldCount = skip(",") ? number() : 1, skip(" +"),
            let newStart = number(), let newCount = skip(",") ? number() : 1, skip(" @@")
        else { return nil }
        (self.oldStart, self.oldCount, self.newStart, self.newCount) = (oldStart, oldCount, newStart, newCount)
    }
}
