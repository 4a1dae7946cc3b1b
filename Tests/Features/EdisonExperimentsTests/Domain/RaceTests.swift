import EdisonExperiments
import EdisonStatistics
import Testing

@Suite("The race of a candidate with its parent")
struct RaceTests {
    private let race = Race(RaceSettings())

    private func decide(_ difference: Double, cases: Int, available: Int = 100) -> Race.Decision {
        race.decide(Array(repeating: difference, count: cases), looked: cases, available: available)
    }

    @Test("the first look comes at three cases, then one at each, the last at ten")
    func looks() {
        #expect(race.decide([], looked: 0, available: 100) == .goOn(untilCases: 3))
        var looked = 3
        var looks = [3]
        while case .goOn(let next) = decide(0, cases: looked), looks.count < 20 {
            looked = next
            looks.append(next)
        }
        #expect(looks == [3, 4, 5, 6, 7, 8, 9, 10])
    }

    /// The variance of equal differences is the prior's alone: 4 × 0.2² / (4 + n − 1).
    @Test("a candidate is accepted above one standard error and rejected below minus one half")
    func thresholds() {
        let error = (4 * 0.04 / 7 / 4.0).squareRoot()
        #expect(abs(race.standing([0.1, 0.1, 0.1, 0.1]).standardError - error) < 1e-12)
        #expect(decide(1.001 * error, cases: 4) == .accept)
        #expect(decide(0.999 * error, cases: 4) == .goOn(untilCases: 5))
        #expect(decide(-0.499 * error, cases: 4) == .goOn(untilCases: 5))
        #expect(decide(-0.501 * error, cases: 4) == .reject)
    }

    @Test("the spread of the differences counts as much as the prior says")
    func shrinkage() {
        let differences = [0.5, -0.3, 0.2, 0.4, -0.1, 0.3]
        let mean = differences.reduce(0, +) / 6
        let squares = differences.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        let error = ((4 * 0.04 + squares) / (4 + 5) / 6).squareRoot()
        let standing = race.standing(differences)
        #expect(abs(standing.mean - mean) < 1e-12)
        #expect(abs(standing.standardError - error) < 1e-12)
        #expect(standing.cases == 6)
    }

    @Test("at the last case a candidate is accepted when it gained more than 0.02")
    func lastLook() {
        #expect(decide(0.0201, cases: 10) == .accept)
        #expect(decide(0.0199, cases: 10) == .reject)
        #expect(decide(0, cases: 10) == .reject)
        #expect(decide(0.0201, cases: 9) == .goOn(untilCases: 10))
    }

    @Test("with fewer cases than ten the race ends where they end")
    func fewCases() {
        #expect(decide(0.0201, cases: 9, available: 9) == .accept)
        #expect(decide(0.0199, cases: 9, available: 9) == .reject)
        #expect(decide(0, cases: 8, available: 9) == .goOn(untilCases: 9))
        #expect(race.decide([], looked: 0, available: 2) == .goOn(untilCases: 2))
    }

    @Test("the numbers are settings")
    func settings() {
        var settings = RaceSettings()
        settings.firstLook = 4
        settings.step = 4
        settings.maxCases = 9
        settings.acceptAtEndAbove = 0.5
        let race = Race(settings)
        #expect(race.decide([], looked: 0, available: 100) == .goOn(untilCases: 4))
        #expect(race.decide([0, 0, 0, 0], looked: 4, available: 100) == .goOn(untilCases: 8))
        #expect(race.decide(Array(repeating: 0, count: 8), looked: 8, available: 100) == .goOn(untilCases: 9))
        #expect(race.decide(Array(repeating: 0, count: 9), looked: 9, available: 100) == .reject)
    }

    @Test("under 80 % coverage nothing is concluded")
    func coverage() {
        #expect(race.decide([0.5, 0.5, 0.5], looked: 4, available: 100) == .goOn(untilCases: 5))
        #expect(race.decide([-0.5, -0.5, -0.5], looked: 4, available: 100) == .goOn(untilCases: 5))
        #expect(race.decide([0.5, 0.5, 0.5, 0.5], looked: 5, available: 100) == .accept)
        #expect(race.decide(Array(repeating: 0.5, count: 11), looked: 15, available: 15) == .reject)
    }

    @Test("the decision does not depend on the order of the differences")
    func order() {
        var draw = SplitMix64(seed: 7)
        for _ in 0..<500 {
            let differences = (0..<Int.random(in: 4...15, using: &draw)).map { _ in
                Double.random(in: -1...1, using: &draw)
            }
            let shuffled = differences.shuffled(using: &draw)
            #expect(
                race.decide(differences, looked: differences.count, available: 100)
                    == race.decide(shuffled, looked: differences.count, available: 100))
        }
    }

    /// The rates that the rule was chosen for: 81 % at +0.10, 40 % at 0, 9 % at −0.10, after 4 to 5 cases on average.
    @Test(
        "good candidates mostly pass and bad ones mostly fall",
        arguments: [(0.10, 0.80), (0.0, 0.40), (-0.10, 0.09)])
    func rates(_ gain: Double, _ rate: Double) {
        var draw = Xoshiro256StarStar(seed: 11)
        var accepted = 0
        var cases = 0
        let rounds = 10_000
        for _ in 0..<rounds {
            var differences: [Double] = []
            var until = 3
            loop: while true {
                while differences.count < until { differences.append(gain + 0.23 * draw.standardNormal()) }
                switch race.decide(differences, looked: differences.count, available: 100) {
                case .goOn(let next): until = next
                case .accept:
                    accepted += 1
                    break loop
                case .reject: break loop
                }
            }
            cases += differences.count
        }
        #expect(abs(Double(accepted) / Double(rounds) - rate) < 0.03)
        #expect((3.8...5.2).contains(Double(cases) / Double(rounds)))
    }
}
