import EdisonStatistics
import Testing

@Suite("A mean corrected by labels")
struct LabelCorrectedMeanTests {
    private typealias Unit = LabelCorrectedMean.Unit

    private static let labels = [0.10, 0.30, 0.25, 0.05, 0.40, 0.20, 0.15, 0.35]
    private static let judged = [0.05, 0.20, 0.20, 0.00, 0.30, 0.10, 0.10, 0.20]
    private static let rest = [0.15, 0.05, 0.25, 0.10, 0.20, 0.30, 0.00, 0.15, 0.20, 0.10, 0.05, 0.25]

    private static func units(
        _ labels: [Double] = labels, _ judged: [Double] = judged, _ rest: [Double] = rest, probability: Double = 0.4,
        size: Int = 1
    ) -> [Unit] {
        zip(labels, judged).map { Unit(label: $0, judged: $1, size: size, probability: probability) }
            + rest.map { Unit(label: nil, judged: $0, size: size, probability: probability) }
    }

    @Test("with equal chances it is PPI++ with n − 1 variances, Student's t and the floor")
    func plain() throws {
        let found = LabelCorrectedMean(Self.units())
        let value = try #require(found.value)
        let interval = try #require(found.interval)
        // The same by NumPy and SciPy.
        #expect(abs(value - 0.230_093_203_563_180_47) < 1e-12)
        #expect(abs((found.lambda ?? 0) - 0.814_912_570_108_875) < 1e-12)
        #expect(abs(interval.lower - 0.163_612_426_228_954_53) < 1e-9)
        #expect(abs(interval.upper - 0.296_573_980_897_406_4) < 1e-9)
        #expect(found.labelled == 8)
    }

    @Test("equal chances and equal sizes, whatever they are, change nothing")
    func scale() throws {
        let one = LabelCorrectedMean(Self.units(probability: 0.4))
        let other = LabelCorrectedMean(Self.units(probability: 0.1, size: 7))
        #expect(abs((one.value ?? 0) - (other.value ?? 1)) < 1e-12)
        #expect(abs((one.interval?.upper ?? 0) - (other.interval?.upper ?? 1)) < 1e-12)
    }

    @Test("unequal chances and sizes agree with the same reckoning by NumPy")
    func weighted() throws {
        let known = zip(zip(Self.labels, Self.judged), [0.2, 0.5, 0.4, 0.9, 0.3, 0.6, 0.25, 0.7]).enumerated().map {
            Unit(label: $1.0.0, judged: $1.0.1, size: 1 + $0 % 3, probability: $1.1)
        }
        let rest = Self.rest.enumerated().map {
            Unit(label: nil, judged: $1, size: 1 + $0 % 2, probability: 0.2 + 0.05 * Double($0))
        }
        let found = LabelCorrectedMean(known + rest)
        #expect(abs((found.value ?? 0) - 0.241_088_492_331_746_95) < 1e-10)
        #expect(abs((found.lambda ?? 0) - 0.671_370_412_325_525_5) < 1e-10)
        #expect(abs((found.interval?.lower ?? 0) - 0.174_755_872_985_981_05) < 1e-8)
        #expect(abs((found.interval?.upper ?? 0) - 0.307_421_111_677_512_85) < 1e-8)
    }

    @Test("judges without a word, or against people, leave the labels alone", arguments: [0.0, -1.0])
    func useless(slope: Double) throws {
        let found = LabelCorrectedMean(
            Self.units(Self.labels, Self.labels.map { slope * $0 }, Self.rest.map { slope * $0 }))
        #expect(found.lambda == 0)
        #expect(abs((found.value ?? 0) - 0.225) < 1e-12)
    }

    @Test("judges who say what people say make the interval narrower than the labels alone")
    func perfect() throws {
        let found = LabelCorrectedMean(Self.units(Self.labels, Self.labels, Self.labels))
        let alone = LabelCorrectedMean(Self.units(Self.labels, Self.labels, []))
        #expect(abs((found.value ?? 0) - 0.225) < 1e-12)
        let (narrow, wide) = (try #require(found.interval), try #require(alone.interval))
        #expect(narrow.upper - narrow.lower < 0.8 * (wide.upper - wide.lower))
    }

    @Test("when everything is labelled, the judges do not count")
    func complete() {
        let found = LabelCorrectedMean(Self.units(Self.labels, Self.judged, [], probability: 1))
        #expect(found.lambda == 0)
        #expect(abs((found.value ?? 0) - 0.225) < 1e-12)
    }

    @Test("labels without any spread still have an interval")
    func floor() throws {
        let found = LabelCorrectedMean(
            Self.units(Array(repeating: 0.1, count: 10), Array(repeating: 0.2, count: 10), [0.2, 0.2, 0.2]))
        let interval = try #require(found.interval)
        let margin = StudentT(df: 9).ppf(0.975) * 0.05 / Double(10).squareRoot()
        #expect(abs(interval.upper - 0.1 - margin) < 1e-9)
    }

    @Test("one label tells nothing, and what is no number or no chance is refused")
    func edges() {
        #expect(LabelCorrectedMean([]).status == .insufficientData)
        #expect(LabelCorrectedMean(Self.units([0.1], [0.1])).status == .insufficientData)
        #expect(LabelCorrectedMean(Self.units([0.1, .nan], [0.1, 0.2])).status == .invalidInput)
        #expect(LabelCorrectedMean(Self.units(probability: 0)).status == .invalidInput)
        #expect(LabelCorrectedMean(Self.units(probability: 1)).status == .invalidInput)
        #expect(LabelCorrectedMean(Self.units(), alpha: 0).status == .invalidInput)
        #expect(LabelCorrectedMean(Self.units(size: 0)).value == nil)
    }
}
