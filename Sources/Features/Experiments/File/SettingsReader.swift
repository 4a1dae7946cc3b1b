import EdisonCore
import EdisonLLM

/// Reads stop rules, the loop's numbers and sampling parameters; every key has the default of its type.
enum SettingsReader {
    static func stop(_ file: FileMapping) -> StopRules {
        var rules = StopRules()
        guard let node = file["stop"] else { return rules }
        let map = FileMapping(
            node,
            known: [
                "max_iterations", "min_delta", "convergence_window", "patience", "target", "max_budget_usd",
                "max_tokens", "max_calls", "max_seconds",
            ])
        set(&rules.maxIterations, map.int("max_iterations", in: 1...100))
        set(&rules.minDelta, map.double("min_delta", in: 0...1))
        set(&rules.convergenceWindow, map.int("convergence_window", in: 2...100))
        rules.patience = map.int("patience", in: 1...100)
        rules.target = map.double("target", in: 0...1)
        if let dollars = map.double("max_budget_usd") {
            rules.maxBudget = Money(dollars: dollars)
            if rules.maxBudget.map({ $0 < .zero }) ?? true { map["max_budget_usd"]?.fault("must be 0 or more") }
        }
        rules.maxTokens = map.int("max_tokens", in: 1...Int.max)
        rules.maxCalls = map.int("max_calls", in: 1...Int.max)
        rules.maxDuration = map.int("max_seconds", in: 1...31_536_000).map { .seconds($0) }
        return rules
    }

    /// `selector: score`, or `selector: { by: cost, weight: 0.2 }`.
    static func selector(_ file: FileMapping) -> Selector {
        guard let node = file["selector"], node.isMapping else {
            return Selector(file.choice("selector", Selector.Rule.self) ?? .incumbent)
        }
        let map = FileMapping(node, known: ["by", "weight"])
        var selector = Selector(map.choice("by", Selector.Rule.self) ?? .incumbent)
        set(&selector.weight, map.double("weight", in: 0...1))
        return selector
    }

    static func loop(_ file: FileMapping) -> LoopSettings {
        var settings = LoopSettings()
        settings.mode = file.choice("mode", LoopSettings.Mode.self)
        set(&settings.concurrency, file.int("concurrency", in: 1...512))
        set(&settings.replicates, file.int("replicates", in: 1...20))
        if let node = file["loop"] {
            let map = FileMapping(
                node,
                known: [
                    "evidence_cases", "new_evidence_cases", "shown_failures", "shown_successes", "evidence_tokens",
                    "proposals",
                    "edit_share", "edit_floor", "tries", "pool_size", "alternate_share", "veto_cases", "veto_below",
                    "ceiling", "ceiling_cases", "error_share", "error_window", "agreement_alarm", "audit_share",
                    "finalists", "finalist_cases",
                    "max_length", "frozen", "alternates_after_stalls", "restart_after_stalls",
                ])
            set(&settings.evidenceCases, map.int("evidence_cases", in: 1...1000))
            set(&settings.newEvidenceCases, map.int("new_evidence_cases", in: 0...1000))
            set(&settings.shownFailures, map.int("shown_failures", in: 1...100))
            set(&settings.shownSuccesses, map.int("shown_successes", in: 0...100))
            set(&settings.evidenceTokens, map.int("evidence_tokens", in: 1...1_000_000))
            set(&settings.proposals, map.int("proposals", in: 1...8))
            set(&settings.editShare, map.double("edit_share", in: 0...1))
            set(&settings.editFloor, map.int("edit_floor", in: 0...100_000))
            set(&settings.tries, map.int("tries", in: 1...100))
            set(&settings.poolSize, map.int("pool_size", in: 0...100))
            set(&settings.alternateShare, map.double("alternate_share", in: 0...1))
            set(&settings.alternatesAfterStalls, map.int("alternates_after_stalls", in: 1...100))
            set(&settings.restartAfterStalls, map.int("restart_after_stalls", in: 1...100))
            set(&settings.vetoCases, map.int("veto_cases", in: 0...1000))
            set(&settings.vetoBelow, map.double("veto_below", in: -1...0))
            set(&settings.ceiling, map.double("ceiling", in: 0...1))
            set(&settings.ceilingCases, map.int("ceiling_cases", in: 1...100_000))
            set(&settings.errorShare, map.double("error_share", in: 0...1))
            set(&settings.errorWindow, map.int("error_window", in: 1...100_000))
            set(&settings.agreementAlarm, map.double("agreement_alarm", in: -1...1))
            set(&settings.auditShare, map.double("audit_share", in: 0...1))
            set(&settings.finalists, map.int("finalists", in: 1...8))
            set(&settings.finalistCases, map.int("finalist_cases", in: 2...1000))
            settings.maxLength = map.int("max_length", in: 1...1_000_000)
            settings.frozenRegions = map.list("frozen").compactMap { $0.string() }
        }
        if let node = file["race"] { settings.race = race(node) }
        return settings
    }

    private static func race(_ node: FileNode) -> RaceSettings {
        var race = RaceSettings()
        let map = FileMapping(
            node,
            known: [
                "first_look", "step", "max_cases", "accept_above", "reject_below", "accept_at_end_above",
                "prior_deviation", "prior_weight", "escalate_at",
            ])
        set(&race.firstLook, map.int("first_look", in: 2...1000))
        set(&race.step, map.int("step", in: 1...1000))
        set(&race.maxCases, map.int("max_cases", in: 2...100_000))
        if map["first_look"] == nil { race.firstLook = min(race.firstLook, race.maxCases) }
        if map["max_cases"] == nil { race.maxCases = max(race.firstLook, race.maxCases) }
        if race.firstLook > race.maxCases {
            map["max_cases"]?.fault(
                "the first look is after \(race.firstLook) cases, and there would be no more than \(race.maxCases)")
        }
        set(&race.acceptAbove, map.double("accept_above", in: 0...10))
        set(&race.rejectBelow, map.double("reject_below", in: -10...0))
        set(&race.acceptAtEndAbove, map.double("accept_at_end_above", in: -1...1))
        set(&race.priorDeviation, map.double("prior_deviation", in: 0.001...1))
        set(&race.priorWeight, map.double("prior_weight", in: 0...1000))
        set(&race.escalateAt, map.int("escalate_at", in: 2...100_000))
        return race
    }

    static func parameters(_ node: FileNode) -> ModelParameters {
        let known = [
            "temperature", "max_tokens", "top_p", "top_k", "frequency_penalty", "presence_penalty", "stop",
            "reasoning_effort", "extra",
        ]
        let map = FileMapping(node, known: known)
        if let extra = map["extra"]?.json().object {
            func isUncounted(_ name: String) -> Bool { extra[name].map { ModelParameters.count($0) == nil } ?? false }
            for name in ModelParameters.outputLimits where isUncounted(name) {
                map["extra"]?.fault(
                    "\(name) leaves open how long an answer may be, and a budget is reserved by that: give the most "
                        + "tokens that it may have, 4096 for example")
            }
            for name in ModelParameters.answerCounts where isUncounted(name) {
                map["extra"]?.fault(
                    "\(name) leaves open how many answers are asked for, and each is paid for and reserved: give a "
                        + "whole number from 1 on")
            }
        }
        return ModelParameters(
            temperature: map.double("temperature", in: 0...2), maxTokens: map.int("max_tokens", in: 1...100_000),
            topP: map.double("top_p", in: 0...1), topK: map.int("top_k", in: 0...1_000_000),
            frequencyPenalty: map.double("frequency_penalty", in: -2...2),
            presencePenalty: map.double("presence_penalty", in: -2...2),
            stop: map["stop"].map {
                $0.isSequence ? $0.elements().compactMap { $0.string() } : [$0.string()].compactMap(\.self)
            }
                ?? [],
            reasoningEffort: map.string("reasoning_effort"), extra: map["extra"]?.json().object ?? [:])
    }

    private static func set<Value>(_ place: inout Value, _ value: Value?) {
        if let value { place = value }
    }
}
