import EdisonCore
import EdisonDatasets
import Testing

@Suite("Near copies of known inputs")
struct KnownInputTests {
    private func testCase(_ text: String) -> TestCase {
        TestCase(id: IDSource.random.next(), input: ["message": .string(text)])
    }

    @Test(
        "the share of common five-character runs, whatever case, punctuation and white space",
        arguments: [
            ("abcdef", "abcdef", 1.0), ("The parcel, again!", "the  PARCEL again", 1.0), ("abcdef", "uvwxyz", 0.0),
            // Two runs each, one in common.
            ("abcdef", "bcdefg", 1.0 / 3), ("abc", "abc", 1.0), ("abc", "abd", 0.0), ("", "", 1.0),
        ])
    func jaccard(_ left: String, _ right: String, _ expected: Double) {
        let value = CaseSimilarity.jaccard(CaseSimilarity.grams(left), CaseSimilarity.grams(right))
        #expect(abs(value - expected) < 1e-12)
    }

    @Test("half in common is a near duplicate, of what was known and of what was added")
    func near() {
        var known = KnownInputs([testCase("My card was charged twice for one order.")])
        #expect(known.hasNear(testCase("my card was charged twice for one order, help")))
        #expect(!known.hasNear(testCase("The parcel never came.")))
        known.add(testCase("The parcel never came."))
        #expect(known.hasNear(testCase("The parcel never came!")))
    }

    @Test("an input that holds a withheld text of five words is a copy, however much else it says")
    func withheld() {
        let secret = testCase("You took my money, twice!")
        let known = KnownInputs([testCase("I want to know more about it")], withheld: [secret, testCase("Help me")])
        let long = String(
            repeating: " I have waited for so long and nobody ever answers the telephone at your shop.", count: 5)
        #expect(known.hasNear(testCase("Listen: you took MY money twice." + long)))
        #expect(!known.hasNear(testCase("Help me." + long)), "two words say nothing")
        #expect(!known.hasNear(testCase("I want to know more about it." + long)), "what is searched with may be quoted")
    }

    @Test("lengths of inputs are in three bins")
    func lengths() {
        let lengths = [0, 99, 100, 499, 500, 5_000].map { testCase(String(repeating: "x", count: $0)).length }
        #expect(lengths == [.short, .short, .medium, .medium, .long, .long])
    }
}
