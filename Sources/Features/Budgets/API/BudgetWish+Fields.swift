import EdisonCore
import EdisonLLM
import EdisonWeb

extension BudgetWish {
    static let aboutThresholds = "Shares of the limit that are told of, such as 0.8; 1 = it is used up."

    init(new fields: Fields) {
        self.init(
            name: fields.optional("name", .text(0...200)), limit: fields.required("limit_usd", .money()),
            thresholds: fields.optional("alert_thresholds", .thresholds, Self.aboutThresholds))
    }
}

extension FieldType where Value == [Int] {
    /// Shares of a limit, read as thousandths.
    static let thresholds = FieldType<[Double]>.list(of: FieldType<Double>.number(0.001...1).example(0.8), 0...20)
        .map(sample: [Int](), or: "must have at most three decimals") { shares in
            let thousandths = shares.map { ($0 * 1_000).rounded() }
            let isExact = zip(shares, thousandths).allSatisfy { abs($0 * 1_000 - $1) < 1e-6 }
            return isExact ? thousandths.map { Int($0) } : nil
        }
}

extension Fields {
    func period(or fallback: BudgetPeriod) -> BudgetPeriod {
        value("period", .word, or: fallback, "30_days is today and the 29 days before; days are those of UTC.")
    }
}
