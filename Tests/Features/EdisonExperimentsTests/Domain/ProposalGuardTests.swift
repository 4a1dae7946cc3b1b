import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonExperiments
import EdisonPrompts
import Testing

/// The rules (b) to (h) of a proposal; (a), that it applies, stands in `EditTests`.
@Suite("The guard of proposals")
struct ProposalGuardTests {
    private func guardian(
        _ change: (inout LoopSettings) -> Void = { _ in }, cases: [TestCase] = [], seed: PromptContent = Sample.prompt
    ) -> ProposalGuard {
        var settings = LoopSettings()
        change(&settings)
        return ProposalGuard(goal: Sample.goal, rubric: Sample.rubric, settings: settings, cases: cases, seed: seed)
    }

    private func faults(
        _ old: PromptContent, _ new: PromptContent, _ guardian: ProposalGuard? = nil
    ) -> [String] {
        (guardian ?? self.guardian(seed: old)).faults(from: old, to: new)
    }

    /// So many characters of words, each after its space.
    private func words(_ count: Int) -> String { String(repeating: " word", count: count / 5) }

    @Test("(b) a short text may change by 280 characters")
    func floor() {
        let old = PromptContent(text: "Say it. {{x}}")
        #expect(faults(old, PromptContent(text: old.text + words(280))).isEmpty)
        let faults = faults(old, PromptContent(text: old.text + words(280) + "!"))
        #expect(faults.count == 1)
        #expect(faults.first?.contains("281") == true)
        #expect(faults.first?.contains("280") == true)
    }

    @Test("(b) a long text may change by 15 %, what is deleted and what is inserted counted together")
    func share() {
        let kept = "{{x}}" + words(3_695)
        let old = PromptContent(text: kept + " " + String(repeating: "a", count: 299))
        #expect(old.text.count == 4_000)
        #expect(faults(old, PromptContent(text: old.text + words(600))).isEmpty)
        #expect(faults(old, PromptContent(text: old.text + words(600) + "!")).count == 1)
        #expect(faults(old, PromptContent(text: kept + " " + String(repeating: "b", count: 299))).isEmpty)
        #expect(faults(old, PromptContent(text: kept + " " + String(repeating: "b", count: 300))).count == 1)
    }

    @Test("(b) the size is counted in Unicode scalars, and for each target by itself")
    func scalars() {
        let old = PromptContent(text: "Say it. {{x}}.", systemText: "You help.")
        let family = "👨‍👩‍👧‍👦"
        #expect(family.unicodeScalars.count == 7)
        func families(_ count: Int) -> PromptContent {
            PromptContent(text: old.text + String(repeating: family, count: count), systemText: old.systemText)
        }
        #expect(faults(old, families(40)).isEmpty)
        #expect(faults(old, families(41)).count == 1)
        #expect(faults(old, PromptContent(text: old.text + words(280), systemText: "You help." + words(280))).isEmpty)
    }

    @Test("(c) a variable may be neither lost nor invented")
    func variables() {
        let old = PromptContent(text: "Answer {{message}} for {{customer}}.")
        #expect(faults(old, PromptContent(text: "Answer {{message}}.")).contains { $0.contains("customer") })
        #expect(faults(old, PromptContent(text: old.text + " In {{language}}.")).contains { $0.contains("language") })
        #expect(faults(old, PromptContent(text: "For {{customer}}, answer {{message}} well.")).isEmpty)
    }

    @Test("(c) the multiset of placeholders stays the same")
    func multiset() {
        let old = PromptContent(text: "Answer {{message}}.")
        #expect(!faults(old, PromptContent(text: "Answer {{message}}. Read it again: {{message}}")).isEmpty)
        let twice = PromptContent(text: "Read {{message}}. Answer {{message}}.")
        #expect(!faults(twice, PromptContent(text: "Read and answer {{message}}.")).isEmpty)
    }

    @Test("(c) a text that is no template any more is refused")
    func template() {
        let old = PromptContent(text: "Answer {{message}}.")
        #expect(!faults(old, PromptContent(text: "Answer {{message}}. {{#open}} and never closed")).isEmpty)
        #expect(!faults(old, PromptContent(text: "Answer {{message}}. {{ and never closed")).isEmpty)
    }

    @Test("(d) five words in a row of a search case are refused")
    func overlap() {
        let testCase = Sample.testCase("My blue bicycle lost its front wheel on the bridge")
        let guardian = guardian(cases: [testCase])
        func faults(adding rule: String) -> [String] {
            guardian.faults(from: Sample.prompt, to: PromptContent(text: Sample.prompt.text + "\n" + rule))
        }
        #expect(faults(adding: "If someone's BLUE bicycle lost its front, ask where.").count == 1)
        #expect(faults(adding: "If a bicycle lost its front, ask where.").isEmpty)
        #expect(faults(adding: "If a wheel is lost, ask for the bicycle's colour.").isEmpty)
    }

    @Test("(d) what is expected of a case is not copied either")
    func overlapWithExpected() {
        var testCase = Sample.testCase("Where is it?")
        testCase.expected = "Look behind the green door of the cellar"
        let guardian = guardian(cases: [testCase])
        let child = PromptContent(text: Sample.prompt.text + "\nSay: look behind the green door.")
        #expect(guardian.faults(from: Sample.prompt, to: child).count == 1)
    }

    @Test(
        "(d) an identifier of a case is refused, be it alone",
        arguments: ["AB-12345", "anna.berg@example.org", "20391177", "SKU9931x"])
    func identifiers(_ identifier: String) {
        let guardian = guardian(cases: [Sample.testCase("It is about \(identifier) again")])
        let child = PromptContent(text: Sample.prompt.text + "\nMention \(identifier) first.")
        #expect(guardian.faults(from: Sample.prompt, to: child).count == 1)
        let other = PromptContent(text: Sample.prompt.text + "\nMention the number that the customer names first.")
        #expect(guardian.faults(from: Sample.prompt, to: other).isEmpty)
    }

    @Test("(d) what stands already in parent, goal or rubric may be repeated")
    func knownPassages() {
        let testCase = Sample.testCase(
            "Customers politely and solve their problem. Does what the goal asks. Plan B2000 is the one that I have")
        let parent = PromptContent(text: "Offer plan B2000 is the one rule.\n{{message}}")
        let guardian = guardian(cases: [testCase])
        for passage in [
            "Plan B2000 is the one thing.", "Politely and solve their problem.", "Does what the goal asks.",
        ] {
            let child = PromptContent(text: parent.text + "\n" + passage)
            #expect(guardian.faults(from: parent, to: child).isEmpty, "\(passage)")
        }
    }

    @Test("(e) a change that changes nothing is refused")
    func noChange() { #expect(faults(Sample.prompt, Sample.prompt).count == 1) }

    @Test("(f) a frozen region stays untouched")
    func frozen() {
        let old = PromptContent(text: "Never promise a refund.\nBe kind. {{message}}")
        let guardian = guardian({ $0.frozenRegions = ["Never promise a refund."] }, seed: old)
        let faults = guardian.faults(from: old, to: PromptContent(text: "Never promise refunds.\nBe kind. {{message}}"))
        #expect(faults.count == 1)
        #expect(faults.first?.contains("Never promise a refund.") == true)
        #expect(
            guardian.faults(from: old, to: PromptContent(text: "Never promise a refund.\nBe warm. {{message}}")).isEmpty
        )
    }

    @Test("(g) no version becomes longer than twice the seed and 2,000 characters")
    func length() {
        let seed = PromptContent(text: "{{x}}" + words(1_000))
        let limit = 2 * seed.text.count + 2_000
        let guardian = guardian({ $0.editFloor = 10_000 }, seed: seed)
        #expect(guardian.maxLength == limit)
        let filler = words(2 * limit)
        let longest = PromptContent(text: seed.text + filler.prefix(limit - seed.text.count))
        #expect(guardian.faults(from: seed, to: longest).isEmpty)
        #expect(guardian.faults(from: seed, to: PromptContent(text: longest.text + "s")).count == 1)
        let own = self.guardian({ $0.maxLength = seed.text.count }, seed: seed)
        #expect(own.faults(from: seed, to: PromptContent(text: seed.text + "more")).count == 1)
    }

    @Test("(g) the length of the seed is that of its system text too")
    func lengthOfSystemText() {
        let seed = PromptContent(text: "{{x}}", systemText: "You" + words(3_000))
        let child = PromptContent(text: "{{x}}", systemText: "You" + words(3_000) + " are kind.")
        #expect(guardian(seed: seed).faults(from: seed, to: child).isEmpty)
    }

    @Test("(h) control characters are refused", arguments: ["\u{0}", "\u{7}", "\u{1B}[31m", "\r", "\u{7F}", "\u{9B}"])
    func controlCharacters(_ text: String) {
        #expect(!faults(Sample.prompt, PromptContent(text: Sample.prompt.text + "\nBe\(text) kind.")).isEmpty)
    }

    @Test("(h) a parent with foreign line ends lets no other control character in")
    func controlCharactersAfterForeignLineEnds() {
        let old = PromptContent(text: "Answer.\r\n{{message}}\r\n")
        #expect(!faults(old, PromptContent(text: old.text + "Be\u{0} kind.")).isEmpty)
        #expect(faults(old, PromptContent(text: old.text + "Be kind.")).isEmpty)
    }

    @Test("the text does not become empty")
    func empty() {
        let old = PromptContent(text: "Answer.", systemText: "You help.")
        #expect(faults(old, PromptContent(text: " \n", systemText: "You help.")).contains("the prompt becomes empty"))
        #expect(!faults(old, PromptContent(text: "Answer.", systemText: "")).isEmpty)
    }

    @Test("all that is wrong is told at once")
    func allFaults() {
        let old = PromptContent(text: "Answer {{message}}.")
        let child = PromptContent(text: "Answer.\u{7}" + words(400))
        #expect(faults(old, child).count == 3)
    }
}
