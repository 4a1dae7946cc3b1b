internal import Foundation

/// Gauss-Legendre quadrature over many short panels: exact for smooth integrands, without sampling.
enum GaussLegendre {
    /// The 16-point rule on [−1, 1].
    static let panel: (nodes: [Double], weights: [Double]) = rule(16)

    /// Newton's method on the Legendre polynomial of a degree.
    static func rule(_ degree: Int) -> (nodes: [Double], weights: [Double]) {
        var nodes: [Double] = []
        var weights: [Double] = []
        for index in 0..<degree {
            var x = cos(Double.pi * (Double(index) + 0.75) / (Double(degree) + 0.5))
            var slope = 0.0
            for _ in 0..<100 {
                var (current, previous) = (1.0, 0.0)
                for k in 1...degree {
                    let n = Double(k)
                    (current, previous) = (((2 * n - 1) * x * current - (n - 1) * previous) / n, current)
                }
                slope = Double(degree) * (x * current - previous) / (x * x - 1)
                let step = current / slope
                x -= step
                if abs(step) < 1e-16 { break }
            }
            nodes.append(x)
            weights.append(2 / ((1 - x * x) * slope * slope))
        }
        return (nodes.reversed(), weights.reversed())
    }

    /// Nodes and weights of equal panels.
    static func composite(from start: Double, to end: Double, panels: Int) -> (nodes: [Double], weights: [Double]) {
        let width = (end - start) / Double(panels)
        return composite((0...panels).map { $0 == panels ? end : start + Double($0) * width })
    }

    /// Nodes and weights of panels between ascending points.
    static func composite(_ points: [Double]) -> (nodes: [Double], weights: [Double]) {
        var nodes: [Double] = []
        var weights: [Double] = []
        for (start, end) in zip(points, points.dropFirst()) where end > start {
            let (centre, half) = ((start + end) / 2, (end - start) / 2)
            for (node, weight) in zip(panel.nodes, panel.weights) {
                nodes.append(centre + half * node)
                weights.append(half * weight)
            }
        }
        return (nodes, weights)
    }
}
