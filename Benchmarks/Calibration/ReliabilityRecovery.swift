import BenchmarkReporting
import EdisonStatistics

/// Whether the weights of judges find out who can be trusted: four judges with known noise score outputs of known quality.
enum ReliabilityRecovery {
    private static let runs = 2_000
    /// Standard deviations of the judges' errors, beside one of 0.2 of the quality itself.
    private static let panels: [(name: String, noise: [Double])] = [
        ("four alike", [0.15, 0.15, 0.15, 0.15]), ("one at random", [0.1, 0.15, 0.1, 1.0]),
        ("two weak", [0.1, 0.1, 0.4, 0.4]), ("one good", [0.05, 0.3, 0.3, 0.3]),
    ]

    static var table: Table {
        var table = Table(
            title: "Judges' weights",
            head: [
                "panel", "errors' standard deviations", "outputs", "weights, in that order", "correlation with quality",
                "with equal weights", "with the best weights",
            ])
        for panel in panels { for outputs in [15, 40, 100] { table.rows.append(row(panel, outputs)) } }
        return table
    }

    private static func row(_ panel: (name: String, noise: [Double]), _ outputs: Int) -> [String] {
        var source = Xoshiro256StarStar(seed: UInt64(outputs))
        var weights = panel.noise.map { _ in 0.0 }
        var correlations = [0.0, 0.0, 0.0]
        let best = panel.noise.map { 1 / ($0 * $0) }
        for _ in 0..<runs {
            let quality = (0..<outputs).map { _ in 0.2 * Shape.normal(&source) }
            let scores = panel.noise.map { noise in quality.map { $0 + noise * Shape.normal(&source) } }
            let found = JudgeWeights(scores: scores)
            for (index, weight) in found.weights.enumerated() { weights[index] += weight / Double(runs) }
            let ways = [found.weights, panel.noise.map { _ in 1.0 }, best]
            for (index, way) in ways.enumerated() {
                let ensemble = quality.indices.map { output in zip(way, scores).reduce(0) { $0 + $1.0 * $1.1[output] } }
                correlations[index] += correlation(ensemble, quality) / Double(runs)
            }
        }
        return [
            panel.name, panel.noise.map(\.short).joined(separator: ", "), "\(outputs)",
            weights.map(\.short).joined(separator: ", "),
        ] + correlations.map(\.short)
    }

    private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            ab += (x - meanA) * (y - meanB)
            aa += (x - meanA) * (x - meanA)
            bb += (y - meanB) * (y - meanB)
        }
        return ab / (aa * bb).squareRoot()
    }
}
