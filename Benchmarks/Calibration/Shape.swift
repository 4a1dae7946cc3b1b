import EdisonStatistics
import Foundation

/// Distributions of differences between two versions, each with a mean and a standard deviation of its own choosing.
enum Shape: String, CaseIterable {
    case normal
    case uniform
    case rightSkewed = "skewed right (exponential)"
    case leftSkewed = "skewed left (exponential)"
    case rareLosses = "rare losses (+0.05 mostly, −0.45 one in ten)"

    /// With mean 0 and standard deviation 1.
    func draw(_ source: inout Xoshiro256StarStar) -> Double {
        switch self {
        case .normal: Shape.normal(&source)
        case .uniform: (source.unit - 0.5) * 12.0.squareRoot()
        case .rightSkewed: -log(1 - source.unit) - 1
        case .leftSkewed: 1 + log(1 - source.unit)
        case .rareLosses: (source.unit < 0.1 ? -0.45 : 0.05) / 0.15
        }
    }

    static func normal(_ source: inout Xoshiro256StarStar) -> Double {
        (-2 * log(1 - source.unit)).squareRoot() * cos(2 * Double.pi * source.unit)
    }
}

extension Xoshiro256StarStar {
    /// In [0, 1).
    var unit: Double {
        mutating get { Double(next() >> 11) * 0x1p-53 }
    }
}
