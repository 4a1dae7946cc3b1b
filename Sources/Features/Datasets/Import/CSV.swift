/// Comma-separated values by RFC 4180, read by bytes: quoted fields may hold commas, quotes (doubled) and line ends.
///
/// A broken row is reported and reading goes on at the next line, so that one stray quote does not swallow the file.
enum CSV {
    struct Row {
        /// The line on which the row starts, from 1.
        let line: Int
        var fields: [String]
        var fault: String?
    }

    static func rows(_ text: String) -> [Row] {
        let bytes = Array(text.utf8.trimmingPrefix([0xEF, 0xBB, 0xBF]))
        let separator = separator(of: bytes)
        var rows: [Row] = []
        var position = 0
        var line = 1
        while position < bytes.count {
            let start = (position, line)
            let row = parse(bytes, &position, &line, separator)
            if row.fault != nil {
                (position, line) = start
                skipLine(bytes, &position, &line)
            }
            if row.fields.count > 1 || row.fields.first?.isEmpty == false || row.fault != nil { rows.append(row) }
        }
        return rows
    }

    /// Spreadsheets of some countries write semicolons or tabs: the header decides.
    private static func separator(of bytes: [UInt8]) -> UInt8 {
        let header = bytes.prefix { $0 != 0x0A }
        let candidates: [UInt8] = [0x2C, 0x3B, 0x09]
        return candidates.max { left, right in header.count { $0 == left } < header.count { $0 == right } } ?? 0x2C
    }

    private static func skipLine(_ bytes: [UInt8], _ position: inout Int, _ line: inout Int) {
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        position += 1
        line += 1
    }

    private static func parse(_ bytes: [UInt8], _ position: inout Int, _ line: inout Int, _ separator: UInt8) -> Row {
        var row = Row(line: line, fields: [])
        while true {
            var field: [UInt8] = []
            if position < bytes.count, bytes[position] == 0x22 {
                position += 1
                guard quoted(bytes, &position, &line, into: &field) else {
                    row.fault = "a quote is opened and never closed"
                    return row
                }
                if position < bytes.count, ![separator, 0x0A, 0x0D].contains(bytes[position]) {
                    row.fault = "text follows a closing quote"
                    return row
                }
            } else {
                while position < bytes.count, bytes[position] != separator, bytes[position] != 0x0A {
                    if bytes[position] == 0x22 {
                        row.fault = "a quote stands inside an unquoted field"
                        return row
                    }
                    field.append(bytes[position])
                    position += 1
                }
                if field.last == 0x0D { field.removeLast() }
            }
            row.fields.append(String(decoding: field, as: UTF8.self))
            if position < bytes.count, bytes[position] == 0x0D { position += 1 }
            guard position < bytes.count else { return row }
            let end = bytes[position]
            position += 1
            if end == 0x0A {
                line += 1
                return row
            }
        }
    }

    private static func quoted(
        _ bytes: [UInt8], _ position: inout Int, _ line: inout Int, into field: inout [UInt8]
    ) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x22 {
                if position < bytes.count, bytes[position] == 0x22 {
                    field.append(0x22)
                    position += 1
                } else {
                    return true
                }
            } else {
                if byte == 0x0A { line += 1 }
                field.append(byte)
            }
        }
        return false
    }
}
