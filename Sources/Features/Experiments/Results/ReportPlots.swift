import EdisonCore
import Foundation

/// The report's plots, drawn as SVG with every figure also in words: nothing is told by colour alone.
enum ReportPlots {
    /// The incumbent's score at the beginning of each iteration, with its interval.
    static func scores(_ json: JSONValue) -> String {
        let points = (json["iterations"]?.array ?? []).compactMap { row -> (String, Double, ClosedRange<Double>?)? in
            guard let composite = row["metrics"]?["composite"], let score = composite["score"]?.double else {
                return nil
            }
            return ("iteration \(row["number"]?.int ?? 0)", score, range(composite["interval"]))
        }
        guard !points.isEmpty else { return "" }
        let step = 640 / Double(max(1, points.count))
        var body = axis(width: 700)
        var last: (Double, Double)?
        for (index, point) in points.enumerated() {
            let x = 50 + step * (Double(index) + 0.5)
            let y = height(point.1)
            if let interval = point.2 {
                body += line(x, height(interval.lowerBound), x, height(interval.upperBound), "range")
            }
            if let last { body += line(last.0, last.1, x, y, "path") }
            let words = "\(point.0): \(text(point.1)) \(text(point.2))"
            body += #"<circle cx="\#(place(x))" cy="\#(place(y))" r="4"><title>\#(words)</title></circle>"#
            body += #"<text x="\#(place(x))" y="232" text-anchor="middle">\#(index + 1)</text>"#
            last = (x, y)
        }
        return svg(body, width: 700, height: 244, label: "Score by iteration with 95 % intervals")
    }

    /// The gain of each version over the one that it had to beat, with its interval.
    static func gains(_ json: JSONValue) -> String {
        let rows = (json["versions"]?.array ?? []).compactMap { row -> (Int, Double, ClosedRange<Double>?, Bool)? in
            guard let delta = row["decision"]?["delta"]?.double else { return nil }
            return (
                row["number"]?.int ?? 0, delta, range(row["decision"]?["interval"]), row["status"] != "rejected"
            )
        }
        guard !rows.isEmpty else { return "" }
        let reach = max(
            0.1, rows.map { max(abs($0.1), abs($0.2?.lowerBound ?? 0), abs($0.2?.upperBound ?? 0)) }.max() ?? 0.1)
        let limit = min(1, reach)
        func across(_ value: Double) -> Double { 370 + 290 * max(-limit, min(limit, value)) / limit }
        var body = line(370, 10, 370, Double(rows.count) * 22 + 14, "zero")
        for (index, row) in rows.enumerated() {
            let y = 24 + Double(index) * 22
            body += #"<text x="8" y="\#(place(y + 4))">version \#(row.0) \#(row.3 ? "kept" : "dropped")</text>"#
            if let interval = row.2 {
                body += line(across(interval.lowerBound), y, across(interval.upperBound), y, "range")
            }
            let words = "version \(row.0): \(String(format: "%+.3f", row.1)) \(text(row.2))"
            let shape = row.3 ? "kept" : "dropped"
            body +=
                #"<circle class="\#(shape)" cx="\#(place(across(row.1)))" cy="\#(place(y))" r="4"><title>\#(words)</title></circle>"#
        }
        let height = rows.count * 22 + 40
        body += #"<text x="370" y="\#(height - 6)" text-anchor="middle">no change</text>"#
        body += #"<text x="80" y="\#(height - 6)" text-anchor="middle">\#(String(format: "%+.2f", -limit))</text>"#
        body += #"<text x="660" y="\#(height - 6)" text-anchor="middle">\#(String(format: "%+.2f", limit))</text>"#
        return svg(body, width: 700, height: height, label: "Gain of each version with 95 % intervals")
    }

    private static func axis(width: Int) -> String {
        stride(from: 0.0, through: 1.0, by: 0.25).map { value in
            line(46, height(value), Double(width) - 6, height(value), "grid")
                + #"<text x="40" y="\#(place(height(value) + 4))" text-anchor="end">\#(String(format: "%.2f", value))</text>"#
        }.joined()
    }

    private static func height(_ score: Double) -> Double { 210 - 195 * max(0, min(1, score)) }
    private static func place(_ value: Double) -> String { String(format: "%.1f", value) }
    private static func text(_ value: Double) -> String { String(format: "%.3f", value) }
    private static func text(_ range: ClosedRange<Double>?) -> String {
        range.map { String(format: "(%.3f to %.3f)", $0.lowerBound, $0.upperBound) } ?? ""
    }

    private static func range(_ json: JSONValue?) -> ClosedRange<Double>? {
        guard let low = json?[0]?.double, let high = json?[1]?.double, low <= high else { return nil }
        return low...high
    }

    private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        #"<line class="\#(style)" x1="\#(place(x1))" y1="\#(place(y1))" x2="\#(place(x2))" y2="\#(place(y2))"/>"#
    }

    private static func svg(_ body: String, width: Int, height: Int, label: String) -> String {
        #"<svg viewBox="0 0 \#(width) \#(height)" role="img" aria-label="\#(label)">\#(body)</svg>"#
    }
}
