import EdisonCore
import Foundation

/// How the report writes figures: a real minus, the same number of decimals everywhere, and a dash for what is unknown.
enum ReportFigures {
    static let unknown = "–"

    static func score(_ value: Double?) -> String { value.map { decimal($0, 3) } ?? unknown }

    static func signed(_ value: Double?) -> String { value.map { signed($0, 3) } ?? unknown }

    static func signed(_ value: Double, _ places: Int) -> String {
        let text = decimal(value, places)
        return text.hasPrefix("−") || !text.contains { ("1"..."9").contains($0) } ? text : "+\(text)"
    }

    /// `0.628 to 0.714`; nil where there is no interval.
    static func interval(_ range: ClosedRange<Double>?) -> String? {
        range.map { "\(decimal($0.lowerBound, 3)) to \(decimal($0.upperBound, 3))" }
    }

    static func signedInterval(_ range: ClosedRange<Double>?) -> String? {
        range.map { "\(signed($0.lowerBound)) to \(signed($0.upperBound))" }
    }

    static func decimal(_ value: Double, _ places: Int) -> String {
        let text = String(format: "%.\(places)f", abs(value))
        let isZero = !text.contains { ("1"..."9").contains($0) }
        return value < 0 && !isZero ? "−\(text)" : text
    }

    /// At most so many decimals, without zeros at the end: `0.35`, `2`.
    static func plain(_ value: Double, _ places: Int = 3) -> String {
        var text = decimal(value, places)
        while text.contains("."), let last = text.last, last == "0" || last == "." {
            text.removeLast()
            if last == "." { break }
        }
        return text
    }

    static func percent(_ share: Double) -> String { "\(plain(share * 100, 1))\u{A0}%" }

    /// With a comma between thousands.
    static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        let grouped = digits.reversed().enumerated().reduce(into: "") { text, place in
            if place.offset > 0, place.offset.isMultiple(of: 3) { text.append(",") }
            text.append(place.element)
        }
        return (number < 0 ? "−" : "") + String(grouped.reversed())
    }

    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? one : many ?? "\(one)s")"
    }

    static func money(_ json: JSONValue?) -> String? {
        json?.double.flatMap { Money(dollars: $0) }.map { amount in
            amount == .zero ? "$0" : amount.shortText.replacing("-", with: "−")
        }
    }

    static func duration(_ milliseconds: Int) -> String {
        let seconds = Double(milliseconds) / 1000
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        return seconds < 90 ? "\(decimal(seconds, 1)) s" : "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    }

    /// `a, b and c`.
    static func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return "\(parts.dropLast().joined(separator: ", ")) and \(last)"
    }
}
