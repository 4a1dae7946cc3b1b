internal import Foundation

/// Newton's method on the penalised log-likelihood, which is concave; the matrix of wins is all it needs, so its cost
/// does not grow with the number of games.
struct BradleyTerryFit {
    let precision: Double
    private var information: [Double] = []
    private var gradient: [Double] = []

    init(precision: Double) { self.precision = precision }

    /// The maximum, with mean 0.
    mutating func strengths(_ matrix: WinMatrix) -> [Double] {
        let count = matrix.count
        var theta = Array(repeating: 0.0, count: count)
        guard count > 1 else { return theta }
        var value = objective(matrix, theta)
        for _ in 0..<200 {
            derive(matrix, theta)
            addCentring(count)
            guard let system = SymmetricSystem(information, size: count) else { return theta.map { _ in .nan } }
            var step = system.solve(gradient)
            // Far from the maximum a full step may overshoot: at most 3 at once, and only uphill.
            let largest = step.map(abs).max() ?? 0
            if largest > 3 { step = step.map { $0 * 3 / largest } }
            var scale = 1.0
            var next = theta
            var nextValue = value
            while true {
                next = Self.centred(zip(theta, step).map { $0 + scale * $1 })
                nextValue = objective(matrix, next)
                if nextValue >= value - 1e-12 * abs(value) || scale < 1e-6 { break }
                scale /= 2
            }
            theta = next
            value = nextValue
            if largest < 1e-12 { break }
        }
        return theta
    }

    /// P (I + λ + 11ᵀ/n)⁻¹ P with P the projection on mean 0.
    mutating func covariance(_ matrix: WinMatrix, _ theta: [Double]) -> [Double] {
        let count = matrix.count
        derive(matrix, theta)
        addCentring(count)
        guard count > 1, let system = SymmetricSystem(information, size: count) else {
            return Array(repeating: 0, count: count * count)
        }
        var result = system.inverse
        for index in 0..<count {
            let row = index * count..<(index + 1) * count
            let mean = result[row].reduce(0, +) / Double(count)
            for place in row { result[place] -= mean }
        }
        for column in 0..<count {
            let mean = (0..<count).reduce(0) { $0 + result[$1 * count + column] } / Double(count)
            for row in 0..<count { result[row * count + column] -= mean }
        }
        return result
    }

    static func logLikelihood(_ matrix: WinMatrix, _ theta: [Double]) -> Double {
        var sum = 0.0
        for i in theta.indices {
            for j in theta.indices where matrix[i, j] > 0 {
                let gap = theta[i] - theta[j]
                sum -= matrix[i, j] * (gap > 0 ? log1p(exp(-gap)) : log1p(exp(gap)) - gap)
            }
        }
        return sum
    }

    private func objective(_ matrix: WinMatrix, _ theta: [Double]) -> Double {
        Self.logLikelihood(matrix, theta) - precision / 2 * theta.reduce(0) { $0 + $1 * $1 }
    }

    private mutating func derive(_ matrix: WinMatrix, _ theta: [Double]) {
        let count = matrix.count
        information = Array(repeating: 0, count: count * count)
        gradient = theta.map { -precision * $0 }
        for i in 0..<count {
            information[i * count + i] += precision
            for j in (i + 1)..<max(i + 1, count) {
                let (won, lost) = (matrix[i, j], matrix[j, i])
                let games = won + lost
                if games == 0 { continue }
                let p = 1 / (1 + exp(theta[j] - theta[i]))
                let surprise = won * (1 - p) - lost * p
                gradient[i] += surprise
                gradient[j] -= surprise
                let weight = games * p * (1 - p)
                information[i * count + i] += weight
                information[j * count + j] += weight
                information[i * count + j] -= weight
                information[j * count + i] -= weight
            }
        }
    }

    private mutating func addCentring(_ count: Int) {
        for index in information.indices { information[index] += 1 / Double(count) }
    }

    private static func centred(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.map { $0 - mean }
    }
}
