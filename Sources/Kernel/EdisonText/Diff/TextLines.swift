/// A line with its ending. Bytes and not characters: "\r\n" is one character to Swift, and equal characters may be
/// different code points; to a diff both matter.
typealias TextLine = ArraySlice<UInt8>

enum TextLines {
    static let lineFeed = UInt8(ascii: "\n")

    /// Lines end at LF alone; a CR belongs to its line. Only the last one may lack the ending.
    static func split(_ bytes: [UInt8]) -> [TextLine] {
        var lines: [TextLine] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == lineFeed {
            lines.append(bytes[start...index])
            start = index + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }

    /// What git calls binary too: such content has no lines to speak of.
    static func isBinary(_ bytes: [UInt8]) -> Bool { bytes.contains(0) }
}
