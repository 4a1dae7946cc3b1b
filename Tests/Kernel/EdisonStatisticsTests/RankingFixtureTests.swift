import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite("rankings from pairwise verdicts") struct RankingFixtureTests {
    @Test(
        "strengths and their errors agree with the oracle", provided("bradley_terry"),
        arguments: OracleCase.all("bradley_terry"))
    func bradleyTerry(_ oracle: OracleCase) {
        oracle.check { input in
            guard let matrix = WinMatrix(rows: try input.matrix("wins")),
                matrix.count == (try input.list("items")).count
            else {
                throw OracleInput.Missing(key: "wins")
            }
            let result = BradleyTerry(matrix, precision: try input.number("lambda"))
            return [
                "status": Output.status(result.status), "theta": Output.numbers(result.strengths),
                "se": Output.numbers(result.standardErrors),
                "ci95": result.intervals.map { .array($0.map(Output.interval)) } ?? .null,
                "elo": Output.numbers(result.elo), "log_likelihood": Output.number(result.logLikelihood),
                "components": .array(result.components.map(Output.ints)), "comparable": .bool(result.isComparable),
                "diff_se_first_two": Output.number(result.differenceError(0, 1)),
                "win_probability_first_two": Output.number(result.winProbability(0, 1)),
            ]
        }
    }

    @Test(
        "intervals over cases agree with the oracle", provided("bradley_terry_bootstrap"),
        arguments: OracleCase.all("bradley_terry_bootstrap"))
    func bootstrap(_ oracle: OracleCase) {
        oracle.check { input in
            let cases = try input.list("cases").map { verdicts in
                try OracleInput.array(verdicts, "cases").map(Self.match)
            }
            let result = BradleyTerryBootstrap(
                items: try input.int("n_items"), cases: cases, precision: try input.number("lambda"),
                plan: .given(try input.integerMatrix("indices")))
            return [
                "status": Output.status(result.status), "theta": Output.numbers(result.strengths),
                "first_replicate": Output.numbers(result.replicates.first),
                "ci95": result.intervals.map { .array($0.map(Output.interval)) } ?? .null,
                "diff_ci95": Output.interval(result.differenceInterval(0, 1)),
                "prob_best": Output.numbers(result.chanceToBeBest),
            ]
        }
    }

    private static func match(_ json: JSONValue) throws -> Match {
        guard let winner = json[0]?.int, let loser = json[1]?.int else { throw OracleInput.Missing(key: "cases") }
        if json[2] == nil { return Match(winner: winner, loser: loser) }
        guard json[2] == "tie" else { throw OracleInput.Missing(key: "cases") }
        return Match(winner: winner, loser: loser, isTie: true)
    }

    @Test(
        "the tie-aware ranking agrees with the oracle", provided("davidson_ties"),
        arguments: OracleCase.all("davidson_ties"))
    func davidson(_ oracle: OracleCase) {
        oracle.check { input in
            guard let wins = WinMatrix(rows: try input.matrix("wins")),
                let ties = WinMatrix(rows: try input.matrix("ties"))
            else { throw OracleInput.Missing(key: "wins") }
            let result = DavidsonTies(wins: wins, ties: ties)
            return [
                "status": Output.status(result.status), "theta": Output.numbers(result.strengths),
                "nu": Output.number(result.nu), "log_likelihood": Output.number(result.logLikelihood),
            ]
        }
    }
}
