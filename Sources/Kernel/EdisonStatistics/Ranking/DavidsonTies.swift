internal import Foundation

/// The tie-aware ranking of Davidson (1970), for when the rate of ties is itself of interest: P(tie) grows as two items
/// come closer. No prior.
package struct DavidsonTies: Sendable {
    package let status: StatisticStatus
    /// Natural-log strengths with mean 0.
    package private(set) var strengths: [Double]?
    /// How readily equals tie: between equals, P(tie) = ν/(2 + ν).
    package private(set) var nu: Double?
    package private(set) var logLikelihood: Double?

    /// - Parameter ties: the number of ties of each pair, symmetric.
    package init(wins: WinMatrix, ties: WinMatrix) {
        let range = 0..<wins.count
        let isSymmetric =
            ties.count == wins.count && range.allSatisfy { i in range.allSatisfy { ties[i, $0] == ties[$0, i] } }
        guard isSymmetric, wins.isValid, ties.isValid else {
            status = .invalidInput
            return
        }
        let hasTies = ties.wins.contains { $0 > 0 }
        guard hasTies else {
            let plain = BradleyTerry(wins, precision: 0)
            status = plain.status
            strengths = plain.strengths
            nu = plain.strengths == nil ? nil : 0
            logLikelihood = plain.logLikelihood
            return
        }
        var games = wins
        for i in range { for j in range { games[i, j] += ties[i, j] } }
        let hasWins = wins.wins.contains { $0 > 0 }
        guard hasWins, games.components.count == 1, let fit = DavidsonFit(wins: wins, ties: ties).maximum() else {
            status = .noFiniteMLE
            return
        }
        status = .ok
        strengths = Array(fit.parameters.dropLast())
        nu = exp(fit.parameters[wins.count])
        logLikelihood = fit.value
    }
}

/// The model as a multinomial logit in (θ, ln ν): a win of i has score θ_i, a tie (θ_i + θ_j)/2 + ln ν. Its
/// log-likelihood is concave, so Newton's steps with halving reach the maximum.
private struct DavidsonFit {
    let wins: WinMatrix
    let ties: WinMatrix

    func maximum() -> (parameters: [Double], value: Double)? {
        var parameters = Array(repeating: 0.0, count: wins.count + 1)
        var (value, gradient, information) = derive(parameters)
        for _ in 0..<200 {
            guard let step = SymmetricSystem(information, size: parameters.count)?.solve(gradient) else { return nil }
            let largest = step.map(abs).max() ?? 0
            var scale = min(1, 3 / max(largest, 1e-300))
            var next = parameters
            while true {
                next = zip(parameters, step).map { $0 + scale * $1 }
                let nextValue = derive(next).value
                if nextValue >= value - 1e-12 * abs(value) || scale < 1e-8 { break }
                scale /= 2
            }
            parameters = next
            (value, gradient, information) = derive(parameters)
            if largest < 1e-12 { return (parameters, value) }
            if parameters.contains(where: { abs($0) > 60 }) { return nil }
        }
        return gradient.allSatisfy { abs($0) < 1e-6 } ? (parameters, value) : nil
    }

    private func derive(_ parameters: [Double]) -> (value: Double, gradient: [Double], information: [Double]) {
        let (items, size) = (wins.count, parameters.count)
        var value = 0.0
        var gradient = Array(repeating: 0.0, count: size)
        var information = Array(repeating: 0.0, count: size * size)
        for i in 0..<items {
            for j in (i + 1)..<max(i + 1, items) {
                let counts = [wins[i, j], wins[j, i], ties[i, j]]
                let games = counts.reduce(0, +)
                if games == 0 { continue }
                let scores = [
                    parameters[i], parameters[j], (parameters[i] + parameters[j]) / 2 + parameters[items],
                ]
                let highest = scores.max() ?? 0
                let norm = highest + log(scores.reduce(0) { $0 + exp($1 - highest) })
                let chances = scores.map { exp($0 - norm) }
                // What each outcome adds to the score of θ_i, θ_j and ln ν.
                let features = [[1.0, 0, 0], [0, 1.0, 0], [0.5, 0.5, 1.0]]
                let places = [i, j, items]
                var means = [0.0, 0.0, 0.0]
                for outcome in 0..<3 {
                    value += counts[outcome] > 0 ? counts[outcome] * (scores[outcome] - norm) : 0
                    for place in 0..<3 { means[place] += chances[outcome] * features[outcome][place] }
                }
                for outcome in 0..<3 {
                    for place in 0..<3 {
                        gradient[places[place]] += counts[outcome] * (features[outcome][place] - means[place])
                        for other in 0..<3 {
                            let product =
                                (features[outcome][place] - means[place]) * (features[outcome][other] - means[other])
                            information[places[place] * size + places[other]] += games * chances[outcome] * product
                        }
                    }
                }
            }
        }
        // Strengths are only known up to a constant: hold their mean at 0.
        let mean = parameters.prefix(items).reduce(0, +) / Double(items)
        for i in 0..<items {
            gradient[i] -= mean
            for j in 0..<items { information[i * size + j] += 1 / Double(items) }
        }
        return (value, gradient, information)
    }
}
