/// One line of a CSV file as RFC 4180 has it, safe to open in a spreadsheet.
package enum CSVLine {
    package static func text(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// What a spreadsheet would take for a formula begins with an apostrophe.
    package static func cell(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let plain = isFormula ? "'\(text)" : text
        guard plain.contains(where: { ",\"\n\r\r\n".contains($0) }) else { return plain }
        return "\"\(plain.replacing("\"", with: "\"\""))\""
    }
}
