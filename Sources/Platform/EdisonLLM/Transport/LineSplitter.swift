/// Splits chunks into lines at LF, CRLF and, for event streams, a lone CR: JSON lines and event streams arrive cut
/// anywhere. U+2028 and the like are no line ends.
package struct LineSplitter: Sendable {
    private var line: [UInt8] = []
    private var sawCR = false
    private let alsoCR: Bool

    package init(alsoCR: Bool = false) { self.alsoCR = alsoCR }

    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if sawCR {
                sawCR = false
                if byte == 0x0A { continue }
            }
            if byte == 0x0A || alsoCR && byte == 0x0D {
                sawCR = byte == 0x0D
                lines.append(ended())
            } else {
                line.append(byte)
            }
        }
        return lines
    }

    /// What follows the last line end.
    package mutating func finish() -> [UInt8]? { line.isEmpty ? nil : ended() }

    private mutating func ended() -> [UInt8] {
        defer { line = [] }
        if !alsoCR, line.last == 0x0D { line.removeLast() }
        return line
    }
}
