/// Which differences of white space do not count, by the names that git's options have.
package enum WhiteSpaceRule: String, Sendable, CaseIterable {
    case none
    /// Runs of white space are equal whatever their length, and nothing at a line's end counts.
    case spaceChange = "space_change"
    case allSpace = "all_space"
    /// Changes that only add or remove empty lines do not count.
    case blankLines = "blank_lines"
    /// LF, CRLF and the missing ending of a last line are equal.
    case lineEndings = "cr_at_eol"

    /// What stands for the line in a comparison: lines with equal keys are equal under the rule.
    func key(_ line: TextLine) -> TextLine {
        switch self {
        case .none, .blankLines: line
        case .spaceChange: Self.collapsed(line)
        case .allSpace: TextLine(line.filter { !Self.isSpace($0) })
        case .lineEndings:
            line.suffix(2).elementsEqual("\r\n".utf8)
                ? line.dropLast(2) : line.last == TextLines.lineFeed ? line.dropLast() : line
        }
    }

    /// A last line without its ending equals one that has it.
    var ignoresMissingEnding: Bool { self == .spaceChange || self == .allSpace || self == .lineEndings }

    /// Whether a change to this line does not count.
    func ignores(_ line: TextLine) -> Bool {
        self == .blankLines && line.allSatisfy { $0 == TextLines.lineFeed || $0 == UInt8(ascii: "\r") }
    }

    private static func collapsed(_ line: TextLine) -> TextLine {
        var key = TextLine()
        var isPending = false
        for byte in line {
            if isSpace(byte) {
                isPending = true
                continue
            }
            if isPending { key.append(UInt8(ascii: " ")) }
            isPending = false
            key.append(byte)
        }
        return key
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
}
