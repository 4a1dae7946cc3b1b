import EdisonCore

/// The number of a table's rows and a sum of their hashes: equal for equal rows, in whatever order a database gives them.
package struct TableDigest: Hashable, Sendable {
    package private(set) var rows = 0
    /// A number of 256 bits, the lowest part first.
    private var sum: [UInt64] = [0, 0, 0, 0]

    package init() {}

    /// - Parameter row: its values in the order of the names of their columns.
    mutating func add(_ row: [SQLValue]) {
        rows += 1
        let hash = ContentHash(of: Self.bytes(row)).text.utf8
        var carry = false
        var digits = hash[...]
        for index in sum.indices {
            let part = digits.prefix(16).reduce(UInt64(0)) { $0 << 4 | Self.value($1) }
            digits = digits.dropFirst(16)
            let (first, isOver) = sum[index].addingReportingOverflow(part)
            let (second, isOverAgain) = first.addingReportingOverflow(carry ? 1 : 0)
            sum[index] = second
            carry = isOver || isOverAgain
        }
    }

    private static func value(_ digit: UInt8) -> UInt64 {
        UInt64(digit < 0x3A ? digit &- 0x30 : digit &- 0x57)
    }

    /// A kind and a length before each value, so that no two rows have the same bytes.
    private static func bytes(_ row: [SQLValue]) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ kind: Unicode.Scalar, _ content: some Collection<UInt8>) {
            bytes.append(UInt8(ascii: kind))
            withUnsafeBytes(of: UInt64(content.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: content)
        }
        for value in row {
            switch value {
            case .null: append("n", [])
            case .integer(let integer): withUnsafeBytes(of: integer.littleEndian) { append("i", $0) }
            case .real(let number): withUnsafeBytes(of: number.bitPattern.littleEndian) { append("r", $0) }
            case .text(let text): append("t", text.utf8)
            case .blob(let content): append("b", content)
            }
        }
        return bytes
    }
}
