import EdisonCore
import EdisonStatistics
import EdisonTestKit
import Testing

@Suite struct SpecialFunctionsFixtureTests {
    @Test(
        "special functions match the oracles", provided("special_functions"),
        arguments: FixtureSuite.cases("special_functions"))
    func specialFunctions(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            let arguments = try input.numbers("args")
            return ["value": .number(try Self.value(of: try input.text("fn"), arguments))]
        }
    }

    private static func value(of name: String, _ arguments: [Double]) throws -> Double {
        func argument(_ index: Int) throws -> Double {
            guard arguments.indices.contains(index) else {
                throw UnreadableInput(description: "\(name) lacks argument \(index)")
            }
            return arguments[index]
        }
        let x = try argument(0)
        switch name {
        case "normal_cdf": return NormalDistribution.cdf(x)
        case "normal_sf": return NormalDistribution.sf(x)
        case "normal_log_sf": return NormalDistribution.logSF(x)
        case "normal_log_cdf": return NormalDistribution.logCDF(x)
        case "normal_pdf": return NormalDistribution.pdf(x)
        case "normal_ppf": return NormalDistribution.ppf(x)
        case "normal_isf": return NormalDistribution.isf(x)
        case "log_gamma": return GammaFunctions.logGamma(x)
        case "log_beta": return GammaFunctions.logBeta(x, try argument(1))
        case "gamma_p": return IncompleteGamma.p(x, try argument(1))
        case "gamma_q": return IncompleteGamma.q(x, try argument(1))
        default: break
        }
        guard let separator = name.lastIndex(of: "_") else { throw UnreadableInput(description: name) }
        let family =
            name.hasSuffix("_log_sf") || name.hasSuffix("_log_cdf")
            ? String(name[..<separator].dropLast(4)) : String(name[..<separator])
        let method = String(name.dropFirst(family.count + 1))
        switch family {
        case "t": return try apply(method, x, to: StudentT(df: try argument(1)))
        case "chi2": return try apply(method, x, to: ChiSquared(df: try argument(1)))
        case "beta":
            return try apply(method, x, to: BetaDistribution(alpha: try argument(1), beta: try argument(2)))
        case "f":
            return try apply(method, x, to: FDistribution(numerator: try argument(1), denominator: try argument(2)))
        case "gamma":
            return try apply(method, x, to: GammaDistribution(shape: try argument(1)))
        case "binom":
            let count = try argument(1)
            guard count.isFinite, !x.isNaN else { return .nan }
            let binomial = BinomialDistribution(trials: Int(count), probability: try argument(2))
            if method == "ppf" { return binomial.ppf(x).map(Double.init) ?? .nan }
            let k = Int(max(-1, min(x, count + 1)).rounded(.down))
            switch method {
            case "pmf": return binomial.pmf(k)
            case "cdf": return binomial.cdf(k)
            case "sf": return binomial.sf(k)
            case "log_sf": return binomial.logSF(k)
            case "log_cdf": return binomial.logCDF(k)
            default: throw UnreadableInput(description: "unknown function \(name)")
            }
        default: throw UnreadableInput(description: "unknown function \(name)")
        }
    }

    private static func apply(_ method: String, _ x: Double, to distribution: some Distribution) throws -> Double {
        switch method {
        case "pdf": return distribution.pdf(x)
        case "cdf": return distribution.cdf(x)
        case "sf": return distribution.sf(x)
        case "log_cdf": return distribution.logCDF(x)
        case "log_sf": return distribution.logSF(x)
        case "ppf": return distribution.ppf(x)
        case "isf": return distribution.isf(x)
        default: throw UnreadableInput(description: "unknown method \(method)")
        }
    }

    @Test("random streams match the oracles word by word", provided("prng"), arguments: FixtureSuite.cases("prng"))
    func randomStreams(_ oracle: OracleCase) throws {
        try FixtureSuite.check(oracle) { input in
            guard let seed = UInt64(try input.text("seed")) else { throw UnreadableInput(description: "seed") }
            let words = oracle.fixture?.expected["u64"]?.array?.count ?? 0
            let units = oracle.fixture?.expected["unit"]?.array?.count ?? 0
            switch try input.text("algorithm") {
            case "splitmix64": return Self.stream(SplitMix64(seed: seed), words: words, units: units)
            case "xoshiro256starstar": return Self.stream(Xoshiro256StarStar(seed: seed), words: words, units: units)
            case let other: throw UnreadableInput(description: "unknown algorithm \(other)")
            }
        }
    }

    private static func stream(_ generator: some RandomNumberGenerator, words: Int, units: Int) -> JSONValue {
        var first = generator
        var second = generator
        return [
            "u64": .array((0..<words).map { _ in .string(String(first.next())) }),
            "unit": .of((0..<units).map { _ in second.unitDouble() }),
        ]
    }
}
