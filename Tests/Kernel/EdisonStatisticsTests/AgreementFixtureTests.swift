import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite("agreement of judges") struct AgreementFixtureTests {
    @Test(
        "Krippendorff's alpha agrees with the oracle", provided("krippendorff_alpha"),
        arguments: OracleCase.all("krippendorff_alpha"))
    func krippendorff(_ oracle: OracleCase) {
        oracle.check { input in
            guard let level = MeasurementLevel(rawValue: try input.text("level")) else {
                throw OracleInput.Missing(key: "level")
            }
            let rows = try input.list("ratings").map { try OracleInput.array($0, "ratings") }
            let result: KrippendorffAlpha
            if level == .nominal, rows.joined().contains(where: { $0.string != nil }) {
                result = KrippendorffAlpha(labels: rows.map { $0.map { $0.isNull ? nil : $0.string ?? $0.text() } })
            } else {
                result = KrippendorffAlpha(
                    ratings: try rows.map { try $0.map { $0.isNull ? nil : try OracleInput.number($0, "ratings") } },
                    level: level)
            }
            return [
                "status": Output.status(result.status), "alpha": Output.number(result.alpha),
                "n_pairable": Output.int(result.pairable),
            ]
        }
    }

    @Test("Cohen's kappa agrees with the oracle", provided("cohen_kappa"), arguments: OracleCase.all("cohen_kappa"))
    func cohen(_ oracle: OracleCase) {
        oracle.check { input in
            guard let weights = KappaWeights(rawValue: try input.text("weights")) else {
                throw OracleInput.Missing(key: "weights")
            }
            let result = CohenKappa(
                try input.list("a"), try input.list("b"), labels: try input.list("labels"), weights: weights)
            return [
                "status": Output.status(result.status), "kappa": Output.number(result.kappa),
                "percent_agreement": Output.number(result.percentAgreement),
                "se": Output.number(result.standardError), "ci95": Output.interval(result.interval),
            ]
        }
    }

    @Test(
        "Fleiss' and Randolph's kappa agree with the oracle", provided("fleiss_kappa"),
        arguments: OracleCase.all("fleiss_kappa"))
    func fleiss(_ oracle: OracleCase) {
        oracle.check { input in
            let result = FleissKappa(counts: try input.integerMatrix("counts"))
            return [
                "status": Output.status(result.status), "fleiss": Output.number(result.fleiss),
                "randolph": Output.number(result.randolph),
            ]
        }
    }

    @Test("the correlations agree with the oracle", provided("correlation"), arguments: OracleCase.all("correlation"))
    func correlation(_ oracle: OracleCase) {
        oracle.check { input in
            let result = RatingCorrelation(try input.numbers("x"), try input.numbers("y"))
            return [
                "status": Output.status(result.status), "n": Output.int(result.count),
                "pearson": Output.number(result.pearson), "pearson_p": Output.number(result.pearsonP),
                "pearson_ci95": Output.interval(result.pearsonInterval), "spearman": Output.number(result.spearman),
                "spearman_p": Output.number(result.spearmanP), "kendall": Output.number(result.kendall),
                "kendall_p": Output.number(result.kendallP),
            ]
        }
    }

    @Test(
        "the prediction-powered mean agrees with the oracle", provided("ppi_mean"),
        arguments: OracleCase.all("ppi_mean"))
    func predictionPowered(_ oracle: OracleCase) {
        oracle.check { input in
            let result = PredictionPoweredMean(
                labels: try input.numbers("labeled"), judged: try input.numbers("judge_labeled"),
                unlabelled: try input.numbers("judge_unlabeled"), alpha: try input.number("alpha"))
            func json(_ estimate: PredictionPoweredMean.Estimate?) -> JSONValue {
                estimate.map { ["estimate": .number($0.value), "ci": Output.interval($0.interval)] } ?? .null
            }
            return [
                "status": Output.status(result.status), "lambda_hat": Output.number(result.lambda),
                "ppi_plus": json(result.tuned), "ppi": json(result.plain), "classical": json(result.classical),
            ]
        }
    }
}
