import EdisonCore
import EdisonWeb

/// All prices that the program knows of a model.
struct PriceHistory: Sendable {
    let provider: String
    let model: String
    let prices: [DatedPrice]

    static let shape = Shape<PriceHistory>(
        "PriceHistory",
        [.text("provider", \.provider), .text("model", \.model), .parts("prices", DatedPrice.shape, \.prices)])
}
