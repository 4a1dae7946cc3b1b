/// The difference of two texts by lines. Lines end at LF alone; a CR belongs to its line.
package struct LineDiff: Sendable {
    private let old: [ArraySlice<UInt8>]
    private let new: [ArraySlice<UInt8>]
    private let deleted: [Bool]
    private let inserted: [Bool]

    package init(from oldText: String, to newText: String) {
        old = Self.lines(oldText)
        new = Self.lines(newText)
        var ids: [ArraySlice<UInt8>: Int] = [:]
        func number(_ line: ArraySlice<UInt8>) -> Int {
            if let id = ids[line] { return id }
            ids[line] = ids.count
            return ids.count - 1
        }
        (deleted, inserted) = Myers.changes(old.map(number), new.map(number))
    }

    static func lines(_ text: String) -> [ArraySlice<UInt8>] {
        let bytes = Array(text.utf8)
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A {
            lines.append(bytes[start...index])
            start = index + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }

    package var addedCount: Int { inserted.count { $0 } }
    package var deletedCount: Int { deleted.count { $0 } }
    package var isEmpty: Bool { addedCount == 0 && deletedCount == 0 }

    private enum Step {
        case equal(Int, Int)
        case delete(Int)
        case insert(Int)
    }

    private var steps: [Step] {
        var steps: [Step] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, deleted[i] {
                steps.append(.delete(i))
                i += 1
            } else if j < new.count, inserted[j] {
                steps.append(.insert(j))
                j += 1
            } else {
                steps.append(.equal(i, j))
                i += 1
                j += 1
            }
        }
        return steps
    }

    /// The unified form; empty when nothing changed.
    package func unified(context: Int = 3, path: String = "prompt.txt") -> String {
        let steps = steps
        var hunks: [Range<Int>] = []
        for (index, step) in steps.enumerated() {
            if case .equal = step { continue }
            let range = max(0, index - context)..<min(steps.count, index + context + 1)
            if let last = hunks.last, last.upperBound >= range.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        guard !hunks.isEmpty else { return "" }
        var output = Array("--- a/\(path)\n+++ b/\(path)\n".utf8)
        for hunk in hunks { write(steps, hunk, into: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    private func write(_ steps: [Step], _ hunk: Range<Int>, into output: inout [UInt8]) {
        var before = (start: 0, count: 0)
        var after = (start: 0, count: 0)
        for step in steps[..<hunk.lowerBound] {
            switch step {
            case .equal:
                before.start += 1
                after.start += 1
            case .delete: before.start += 1
            case .insert: after.start += 1
            }
        }
        var body: [UInt8] = []
        for step in steps[hunk] {
            switch step {
            case .equal(_, let j):
                before.count += 1
                after.count += 1
                append(" ", new[j], to: &body)
            case .delete(let i):
                before.count += 1
                append("-", old[i], to: &body)
            case .insert(let j):
                after.count += 1
                append("+", new[j], to: &body)
            }
        }
        output += Array("@@ -\(Self.range(before)) +\(Self.range(after)) @@\n".utf8) + body
    }

    /// `start,count`, the count left out when it is 1; an empty side names the line before it.
    private static func range(_ side: (start: Int, count: Int)) -> String {
        let start = side.count == 0 ? side.start : side.start + 1
        return side.count == 1 ? "\(start)" : "\(start),\(side.count)"
    }

    private func append(_ mark: String, _ line: ArraySlice<UInt8>, to body: inout [UInt8]) {
        body += Array(mark.utf8) + line
        if line.last != 0x0A { body += Array("\n\\ No newline at end of file\n".utf8) }
    }
}
