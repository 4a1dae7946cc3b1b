internal import Foundation

/// One verdict as the likelihood sees it.
struct LengthGame {
    let first: Int
    let second: Int
    /// 1, or one half for a tie.
    let outcome: Double
    let covariate: Double

    init(_ verdict: LengthMatch, scale: Double) {
        first = verdict.match.winner
        second = verdict.match.loser
        outcome = verdict.match.isTie ? 0.5 : 1
        covariate = scale > 0 ? tanh(verdict.logLengthGap / scale) : 0
    }
}

/// Newton's method on the penalised log-likelihood of strengths and γ, which is concave.
struct LengthControlledFit {
    let items: Int
    let precision: Double

    /// Strengths with mean 0, then γ.
    func parameters(_ games: [LengthGame], from start: [Double]) -> [Double] {
        var current = start
        var value = objective(games, current)
        for _ in 0..<100 {
            let (gradient, information) = derivatives(games, current)
            guard let system = SymmetricSystem(information, size: items + 1) else { return current.map { _ in .nan } }
            var step = system.solve(gradient)
            let largest = step.map(abs).max() ?? 0
            if largest > 3 { step = step.map { $0 * 3 / largest } }
            var scale = 1.0
            var next = current
            while true {
                next = centred(zip(current, step).map { $0 + scale * $1 })
                let nextValue = objective(games, next)
                if nextValue >= value - 1e-12 * abs(value) || scale < 1e-6 {
                    value = nextValue
                    break
                }
                scale /= 2
            }
            current = next
            if largest < 1e-10 { break }
        }
        return current
    }

    private func gap(_ game: LengthGame, _ parameters: [Double]) -> Double {
        parameters[game.first] - parameters[game.second] + parameters[items] * game.covariate
    }

    private func objective(_ games: [LengthGame], _ parameters: [Double]) -> Double {
        games.reduce(-precision / 2 * parameters.reduce(0) { $0 + $1 * $1 }) { sum, game in
            let gap = gap(game, parameters)
            // ln σ(x) − (1 − y)·x, which is y·ln σ(x) + (1 − y)·ln σ(−x).
            let logistic = gap > 0 ? -log1p(exp(-gap)) : gap - log1p(exp(gap))
            return sum + logistic - (1 - game.outcome) * gap
        }
    }

    private func derivatives(_ games: [LengthGame], _ parameters: [Double]) -> ([Double], [Double]) {
        let size = items + 1
        var gradient = parameters.map { -precision * $0 }
        var information = Array(repeating: 0.0, count: size * size)
        for index in 0..<size { information[index * size + index] = precision }
        // Strengths are known up to a constant: this pins their mean without touching γ.
        for row in 0..<items { for column in 0..<items { information[row * size + column] += 1 / Double(items) } }
        for game in games {
            let chance = 1 / (1 + exp(-gap(game, parameters)))
            let surprise = game.outcome - chance
            let weight = chance * (1 - chance)
            let entries = [(game.first, 1.0), (game.second, -1.0), (items, game.covariate)]
            for (row, left) in entries {
                gradient[row] += surprise * left
                for (column, right) in entries { information[row * size + column] += weight * left * right }
            }
        }
        return (gradient, information)
    }

    private func centred(_ parameters: [Double]) -> [Double] {
        let mean = parameters.prefix(items).reduce(0, +) / Double(items)
        return parameters.enumerated().map { $0 < items ? $1 - mean : $1 }
    }
}
