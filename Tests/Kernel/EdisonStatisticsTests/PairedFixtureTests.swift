import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite struct PairedFixtureTests {
    @Test("paired t tests match the oracles", provided("paired_t_test"), arguments: FixtureSuite.cases("paired_t_test"))
    func pairedT(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let result = PairedTTest(
                try input.numbers("a"), try input.numbers("b"), alpha: try input.alpha(),
                alternative: try input.alternative())
            return [
                "status": .of(result.status), "n": .of(result.count), "mean_diff": .of(result.meanDifference),
                "sd_diff": .of(result.standardDeviation), "se": .of(result.standardError), "t": .of(result.t),
                "df": .of(result.df), "p_value": .of(result.pValue), "ci": .of(result.interval),
                "dz": .of(result.dz), "correlation": .of(result.correlation),
                "unpaired_se": .of(result.unpairedError),
            ]
        }
    }

    @Test(
        "Wilcoxon's signed-rank tests match the oracles", provided("wilcoxon_signed_rank"),
        arguments: FixtureSuite.cases("wilcoxon_signed_rank"))
    func wilcoxon(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            guard
                let zeros = WilcoxonSignedRankTest.ZeroMethod(
                    rawValue: try input.text("zero_method", default: "wilcox"))
            else { throw UnreadableInput(description: "unknown zero method") }
            let result = WilcoxonSignedRankTest(
                differences: try input.numbers("d"), zeros: zeros, alternative: try input.alternative(),
                method: try input.rankMethod())
            return [
                "status": .of(result.status), "w_plus": .of(result.positiveSum), "w_minus": .of(result.negativeSum),
                "n_nonzero": .of(result.nonzeroCount), "p_value": .of(result.pValue),
            ]
        }
    }

    @Test(
        "sign-flip tests match the oracles", provided("paired_permutation"),
        arguments: FixtureSuite.cases("paired_permutation"))
    func signFlip(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let result = SignFlipTest(differences: try input.numbers("d"), alternative: try input.alternative())
            return [
                "status": .of(result.status), "mean_diff": .of(result.meanDifference), "p_value": .of(result.pValue),
                "enumerated": .of(result.assignments),
            ]
        }
    }

    @Test(
        "clustered standard errors match the oracles", provided("clustered_se"),
        arguments: FixtureSuite.cases("clustered_se"))
    func clustered(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let values = try input.numbers("values")
            let clusters = try input.elements("clusters")
            switch try input.text("fn") {
            case "mean":
                let result = ClusteredMean(values, clusters: clusters, alpha: try input.alpha())
                return [
                    "status": .of(result.status), "n": .of(result.count), "n_clusters": .of(result.clusterCount),
                    "mean": .of(result.mean), "se_iid": .of(result.iidError), "se_cr0": .of(result.cr0Error),
                    "se_cr1": .of(result.cr1Error), "ci": .of(result.interval),
                    "icc": .of(result.intraclassCorrelation), "design_effect": .of(result.designEffect),
                ]
            case "diff":
                let isTreated = try input.numbers("treatment").map { $0 != 0 }
                let result = ClusteredDifference(
                    values, isTreated: isTreated, clusters: clusters, alpha: try input.alpha())
                return [
                    "status": .of(result.status), "n": .of(result.count), "n_clusters": .of(result.clusterCount),
                    "diff": .of(result.difference), "se_iid": .of(result.iidError), "se_cr0": .of(result.cr0Error),
                    "se_cr1": .of(result.cr1Error), "ci": .of(result.interval),
                ]
            case let other: throw UnreadableInput(description: "unknown function \(other)")
            }
        }
    }
}
