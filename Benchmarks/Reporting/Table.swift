/// A Markdown table, as the pages of measured figures hold it.
package struct Table: CustomStringConvertible {
    package let title: String
    package let head: [String]
    package var rows: [[String]]

    package init(title: String, head: [String], rows: [[String]] = []) {
        self.title = title
        self.head = head
        self.rows = rows
    }

    package var description: String {
        (["## \(title)", "", line(head), line(head.indices.map { $0 == 0 ? "---" : "---:" })] + rows.map(line))
            .joined(separator: "\n")
    }

    private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}

extension Double {
    /// Three decimals, rounded half away from zero; a dash for what is no number.
    package var short: String {
        guard isFinite else { return "–" }
        let thousandths = Int((self * 1000).rounded())
        let (whole, rest) = (abs(thousandths) / 1000, abs(thousandths) % 1000)
        let digits = String(rest)
        return (thousandths < 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
