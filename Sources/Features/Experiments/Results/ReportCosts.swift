import EdisonCore
import Foundation

/// What was asked, and what it cost, by purpose.
struct ReportCosts: Sendable {
    struct Row: Sendable {
        let purpose: String
        let calls: String
        let cost: String
    }

    let rows: [Row]
    let total: Row
    let tokens: String?
    let time: String?

    init?(_ source: ReportSource) {
        let calls = source["calls"]?.object?.members ?? []
        let isKnown = source["cost_usd"] != nil
        let purposes = calls.filter { ($0.value.int ?? 0) > 0 }
        let amounts = purposes.map { source["costs"]?[$0.key]?.double }
        let places = Self.places(amounts.compactMap(\.self) + [source["cost_usd"]?.double ?? 0])
        func money(_ amount: Double?) -> String? { amount.map { "$\(ReportFigures.decimal($0, places))" } }
        rows = zip(purposes, amounts).map { purpose, amount in
            Row(
                purpose: ReportWords.purpose(purpose.key), calls: ReportFigures.count(purpose.value.int ?? 0),
                cost: money(amount) ?? (isKnown ? ReportFigures.unknown : "unknown"))
        }
        guard !rows.isEmpty || isKnown else { return nil }
        total = Row(
            purpose: "Together", calls: ReportFigures.count(calls.reduce(0) { $0 + ($1.value.int ?? 0) }),
            cost: money(source["cost_usd"]?.double) ?? "unknown")
        tokens = source["tokens"].map { tokens in
            "\(tokens["input"]?.int.map(ReportFigures.count) ?? "unknown") in, "
                + "\(tokens["output"]?.int.map(ReportFigures.count) ?? "unknown") out"
        }
        time = source["duration_ms"]?.int.map(ReportFigures.duration)
    }

    /// As many decimals for all as give the smallest amount two figures.
    private static func places(_ amounts: [Double]) -> Int {
        guard let least = amounts.filter({ $0 > 0 }).min() else { return 2 }
        return max(2, min(9, 1 - Int(floor(log10(least)))))
    }
}
