import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Foundation
import Testing

@Suite("trends and sketches") struct TrendFixtureTests {
    @Test("the trend of a score agrees with the oracle", provided("trend"), arguments: OracleCase.all("trend"))
    func trend(_ oracle: OracleCase) {
        oracle.check { input in
            let result = ScoreTrend(
                times: try input.numbers("t"), values: try input.numbers("y"), alpha: try input.number("alpha"))
            return [
                "status": Output.status(result.status), "n": Output.int(result.count),
                "slope": Output.number(result.slope), "intercept": Output.number(result.intercept),
                "r": Output.number(result.r), "r_squared": Output.number(result.rSquared),
                "slope_se": Output.number(result.slopeError), "slope_p": Output.number(result.slopeP),
                "slope_ci": Output.interval(result.slopeInterval), "theil_sen": Output.number(result.theilSen),
                "mk_s": Output.int(result.mannKendall?.s), "mk_z": Output.number(result.mannKendall?.z),
                "mk_p": Output.number(result.mannKendall?.p), "volatility": Output.number(result.volatility),
                "cv": Output.number(result.coefficientOfVariation),
                "max_drawdown": Output.number(result.maximumDrawdown), "ewma_last": Output.number(result.smoothed),
                "direction": result.direction.map { .string($0.rawValue) } ?? .null,
            ]
        }
    }

    /// The contract of a relative-error sketch: each answer lies in the accepted range, count, least and largest value
    /// are exact.
    @Test(
        "every quantile of a sketch is within its accuracy", provided("quantile_sketch"),
        arguments: OracleCase.all("quantile_sketch"))
    func sketch(_ oracle: OracleCase) {
        oracle.check { fixture in
            let input = OracleInput(fixture.input)
            let values =
                try input.has("sequence") ? Self.sequence(try input.nested("sequence")) : input.numbers("values")
            let accuracy = try input.number("relative_accuracy")
            let sizes = try input.has("parts") ? input.ints("parts") : [values.count]
            guard sizes.reduce(0, +) == values.count else { throw OracleInput.Missing(key: "parts") }
            var sketch = QuantileSketch(relativeAccuracy: accuracy)
            var start = 0
            var isAccepted = true
            for size in sizes {
                var part = QuantileSketch(relativeAccuracy: accuracy)
                for value in values[start..<(start + size)] where !part.add(value) { isAccepted = false }
                start += size
                sketch.merge(part)
            }
            let want = fixture.expected
            let status = isAccepted ? StatisticStatus.ok : .invalidInput
            if want["status"] != "ok" {
                return want["status"] == Output.status(status) ? [] : ["status: got \(status)"]
            }
            let got: JSONValue = [
                "status": Output.status(status), "count": .integer(Int64(sketch.count)),
                "min": Output.number(sketch.min), "max": Output.number(sketch.max),
            ]
            let exact = JSONValue.object(
                JSONObject(["status", "count", "min", "max"].map { ($0, want[$0] ?? .null) }))
            var faults = FixtureComparison.differences(got: got, want: exact, tolerance: .exact)
            faults += FixtureComparison.differences(
                got: .number(sketch.sum), want: want["sum"] ?? .null, tolerance: FixtureTolerance(rel: 1e-12, abs: 0),
                path: ".sum")
            let quantiles = try OracleInput(want).list("quantiles")
            let answers = sketch.quantiles(try quantiles.map { try OracleInput($0).number("q") })
            for (answer, quantile) in zip(answers, quantiles) {
                let isRight: Bool
                if let accept = quantile["accept"], let low = accept[0]?.double, let high = accept[1]?.double {
                    isRight = answer.map { low <= $0 && $0 <= high } ?? false
                } else {
                    isRight = quantile["lo"] == .null && answer == nil
                }
                if !isRight { faults.append("quantile \(quantile.text()): got \(answer.map { "\($0)" } ?? "nil")") }
            }
            return faults
        }
    }

    /// The deterministic sequences of the fixtures.
    private static func sequence(_ input: OracleInput) throws -> [Double] {
        let kind = try input.text("kind")
        let (scale, spread) = (input.json["scale"]?.double ?? 1, input.json["spread"]?.double ?? 1)
        let (low, high) = (input.json["lo"]?.double ?? 0, input.json["hi"]?.double ?? 1)
        return try (0..<input.int("n")).map { index in
            let product = Double(index + 1) * 0.6180339887498949
            let u = product - product.rounded(.down)
            switch kind {
            case "exp_golden": return scale * exp(spread * u)
            case "linear_golden": return low + (high - low) * u
            case "square_golden": return scale * u * u
            default: throw OracleInput.Missing(key: "kind")
            }
        }
    }
}
