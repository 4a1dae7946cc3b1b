import Foundation

/// An axis: round ends that cover every value, three to six ticks, and places in per cent, so that text never scales.
struct ReportScale: Sendable {
    struct Tick: Sendable {
        let place: String
        let words: String
    }

    private let low: Double
    private let high: Double
    private let step: Double

    /// - Parameter slack: a share of the span that stays free at both ends, for labels.
    init(covering values: [Double], slack: Double = 0) {
        let smallest = values.min() ?? 0
        let largest = values.max() ?? 1
        let span = max(largest - smallest, 0.02)
        let (bottom, top) = (smallest - slack * span, max(largest, smallest + span) + slack * span)
        let step = Self.roundStep(top - bottom)
        low = ((bottom / step) + 1e-9).rounded(.down) * step
        high = ((top / step) - 1e-9).rounded(.up) * step
        self.step = step
    }

    private static func roundStep(_ span: Double) -> Double {
        let least = span / 5
        let power = pow(10, floor(log10(least)))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
    }

    private var values: [Double] {
        let first = Int((low / step).rounded())
        let last = Int((high / step).rounded())
        return (first...max(first, last)).map { Double($0) * step }
    }

    private var places: Int { max(0, -Int(floor(log10(step) + 1e-9))) }

    func share(_ value: Double) -> Double { high > low ? (value - low) / (high - low) * 100 : 50 }

    /// From the left.
    func across(_ value: Double) -> String { Self.percent(share(value)) }
    /// From the top.
    func down(_ value: Double) -> String { Self.percent(100 - share(value)) }

    func ticks(isSigned: Bool, isDown: Bool = false) -> [Tick] {
        values.map { value in
            Tick(
                place: isDown ? down(value) : across(value),
                words: isSigned ? ReportFigures.signed(value, places) : ReportFigures.decimal(value, places))
        }
    }

    static func percent(_ share: Double) -> String { String(format: "%.1f%%", share == 0 ? 0 : share) }
}
