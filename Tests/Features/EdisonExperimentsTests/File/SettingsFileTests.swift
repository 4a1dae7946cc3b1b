import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import Testing

/// A setting of the experiment file with a value that is not its default, as text and as it is shown afterwards.
struct FileSetting: Sendable, CustomTestStringConvertible {
    /// The path of keys in the file.
    let key: String
    let value: String
    let shown: JSONValue

    init(_ key: String, _ value: String, _ shown: JSONValue) {
        self.key = key
        self.value = value
        self.shown = shown
    }

    var testDescription: String { key }

    var text: String {
        let keys = key.split(separator: ".")
        return keys.enumerated().map { depth, key in
            String(repeating: "  ", count: depth) + key + ":" + (depth == keys.count - 1 ? " \(value)" : "")
        }.joined(separator: "\n")
    }

    static let stop = [
        FileSetting("stop.max_iterations", "3", 3), FileSetting("stop.min_delta", "0.05", 0.05),
        FileSetting("stop.convergence_window", "4", 4), FileSetting("stop.patience", "5", 5),
        FileSetting("stop.target", "0.9", 0.9), FileSetting("stop.max_budget_usd", "1.25", 1.25),
        FileSetting("stop.max_tokens", "7000", 7_000), FileSetting("stop.max_calls", "70", 70),
        FileSetting("stop.max_seconds", "600", 600),
    ]

    static let loop = [
        FileSetting("loop.evidence_cases", "9", 9), FileSetting("loop.new_evidence_cases", "4", 4),
        FileSetting("loop.shown_failures", "5", 5), FileSetting("loop.evidence_tokens", "900", 900),
        FileSetting("loop.shown_successes", "1", 1),
        FileSetting("loop.proposals", "3", 3), FileSetting("loop.edit_share", "0.1", 0.1),
        FileSetting("loop.edit_floor", "100", 100), FileSetting("loop.tries", "2", 2),
        FileSetting("loop.pool_size", "1", 1), FileSetting("loop.alternate_share", "0.3", 0.3),
        FileSetting("loop.alternates_after_stalls", "4", 4), FileSetting("loop.restart_after_stalls", "6", 6),
        FileSetting("loop.veto_cases", "6", 6), FileSetting("loop.veto_below", "-0.2", -0.2),
        FileSetting("loop.ceiling", "0.95", 0.95), FileSetting("loop.ceiling_cases", "30", 30),
        FileSetting("loop.error_share", "0.3", 0.3), FileSetting("loop.error_window", "20", 20),
        FileSetting("loop.audit_share", "0.3", 0.3),
        FileSetting("loop.finalists", "2", 2),
        FileSetting("loop.finalist_cases", "12", 12),
        FileSetting("loop.agreement_alarm", "0.5", 0.5),
        FileSetting("loop.max_length", "9000", 9_000), FileSetting("loop.frozen", "[Never promise]", ["Never promise"]),
    ]

    static let race = [
        FileSetting("race.first_look", "5", 5), FileSetting("race.step", "3", 3),
        FileSetting("race.max_cases", "20", 20),
        FileSetting("race.accept_above", "0.7", 0.7), FileSetting("race.reject_below", "-0.8", -0.8),
        FileSetting("race.accept_at_end_above", "0.01", 0.01), FileSetting("race.prior_deviation", "0.3", 0.3),
        FileSetting("race.prior_weight", "2", 2), FileSetting("race.escalate_at", "12", 12),
    ]

    static let top = [
        FileSetting("mode", "full", "full"), FileSetting("replicates", "3", 3), FileSetting("holdout", "0.3", 0.3),
        FileSetting("reserve", "0.1", 0.1), FileSetting("confirm_on", "reserve", "reserve"),
        FileSetting("review", "suggestions", "suggestions"),
    ]

    static let all = stop + loop + race + top

    /// Where the setting stands in the definition that results and the run's identity are made of.
    func shownValue(in definition: JSONValue) -> JSONValue? {
        let keys = key.split(separator: ".").map(String.init)
        switch keys.first {
        case "race": return definition["loop"]?["race"]?[keys[1]]
        case "mode", "replicates": return definition["loop"]?[keys[0]]
        default: return keys.reduce(definition) { $0?[$1] }
        }
    }
}

@Suite("The settings of an experiment file")
struct SettingsFileTests {
    @Test("every setting is read, and shown with the run", arguments: FileSetting.all)
    func reading(_ setting: FileSetting) throws {
        let standard = try SampleFile.definition()
        let definition = try SampleFile.definition(SampleFile.adding(setting.text))
        #expect(setting.shownValue(in: definition.json)?.text(.canonical) == setting.shown.text(.canonical))
        #expect(setting.shownValue(in: standard.json)?.text(.canonical) != setting.shown.text(.canonical))
    }

    /// The keys that `edison defaults` prints.
    @Test("every default that the product names is a key of the file")
    func completeness() {
        func keys(_ section: String, _ json: JSONValue) -> [String] {
            (json.object?.members ?? []).flatMap { key, value in
                value.object == nil ? ["\(section).\(key)"] : keys(key, value)
            }
        }
        let printed = Set(keys("stop", StopRules().json) + keys("loop", LoopSettings().json))
        let known = Set(
            (FileSetting.stop + FileSetting.loop + FileSetting.race).map(\.key) + ["loop.mode", "loop.replicates"])
        #expect(known.subtracting(printed) == [], "settings whose default is not printed")
        #expect(printed.subtracting(known) == [], "defaults that are no key of the file")
    }

    @Test("concurrency is a setting, but no part of what a run is")
    func concurrency() throws {
        #expect(try SampleFile.definition(SampleFile.adding("concurrency: 64")).loop.concurrency == 64)
        #expect(try SampleFile.definition().loop.concurrency == 8)
    }

    @Test("sampling parameters are read, and others are passed on")
    func parameters() throws {
        let text = try SampleFile.with(
            "model: small",
            "model: small, seed: 5, cache: true, parameters: { temperature: 0.5, max_tokens: 9, top_p: 0.9, top_k: 40, "
                + "frequency_penalty: 0.1, presence_penalty: -0.1, stop: END, reasoning_effort: low, extra: { logit_bias: { a: 1 } } }"
        )
        let model = try #require(try SampleFile.definition(text).models.first)
        #expect(model.seed == 5)
        #expect(model.cache)
        #expect(
            model.parameters.json == [
                "temperature": 0.5, "max_tokens": 9, "top_p": 0.9, "top_k": 40, "frequency_penalty": 0.1,
                "presence_penalty": -0.1, "stop": ["END"], "reasoning_effort": "low", "logit_bias": ["a": 1],
            ])
    }

    @Test("numbers that are written as text are passed on as they are")
    func numbersAsText() throws {
        let text = try SampleFile.with(
            "model: small", "model: small, parameters: { extra: { n: \"8\", max_tokens: \"900\" } }")
        let model = try #require(try SampleFile.definition(text).models.first)
        #expect(model.parameters.extra == ["n": "8", "max_tokens": "900"])
    }

    @Test("every kind of price is read")
    func prices() throws {
        let text = try SampleFile.with(
            "model: small",
            "model: small, price: { input: 3, output: 15, cached_input: 0.3, cache_write: 3.75, reasoning: 20 }")
        let price = try #require(try SampleFile.definition(text).models.first?.reference.price)
        #expect(price.input.nanodollars == 3_000_000_000)
        #expect(price.output.nanodollars == 15_000_000_000)
        #expect(price.cachedInput?.nanodollars == 300_000_000)
        #expect(price.cacheWrite?.nanodollars == 3_750_000_000)
        #expect(price.reasoning?.nanodollars == 20_000_000_000)
    }
}
