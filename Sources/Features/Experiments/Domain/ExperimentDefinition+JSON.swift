package import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts

extension ExperimentDefinition {
    /// The definition as the result file shows it, with every default filled in; no address and no secret.
    package var json: JSONValue {
        var object: JSONObject = [
            "name": .string(name), "goal": .string(goal), "rubric": .array(rubric.criteria.map(\.json)),
            "prompt": prompt.json, "models": .array(models.map(\.json)), "judges": .array(judges.map(\.json)),
            "refiner": refiner?.json ?? .null, "stop": stop.json, "review": .string(review.rawValue),
            "holdout": JSONValue(holdout), "reserve": JSONValue(reserve), "loop": loop.json, "selector": selector.json,
        ]
        if confirmOn != .holdout { object["confirm_on"] = .string(confirmOn.rawValue) }
        object["drafting"] = drafting?.json
        if !otherDrafts.isEmpty { object["other_drafts"] = .array(otherDrafts.map(\.json)) }
        object["safety"] = safetyJSON
        object["description"] = description.map { .string($0) }
        object["compare"] = compare.map { compare in
            var form: JSONObject = ["kind": .string(compare.kind.rawValue)]
            form["embedding"] = compare.embedding?.json
            return .object(form)
        }
        if !variants.isEmpty {
            object["variants"] = .array(
                variants.map { ["name": .string($0.name), "prompt": $0.prompt.json, "model": $0.model.json] })
        }
        return .object(object)
    }

    /// What the file says about safety, the scanner with its defaults filled in.
    private var safetyJSON: JSONValue? {
        guard let scanner else { return safety }
        var object = safety?.object ?? [:]
        for (key, value) in scanner.json { object[key] = value }
        return .object(object)
    }

    /// What makes two files the same run: everything but names of places, secrets and money. Of the file as it was
    /// read: what a model drafts is no part of it.
    package func identity(kind: Experiment.Kind) -> ContentHash {
        var stop = stop
        stop.maxBudget = nil
        stop.maxTokens = nil
        stop.maxCalls = nil
        stop.maxDuration = nil
        var copy = self
        copy.stop = stop
        copy.loop.concurrency = 0
        var whole: JSONObject = [
            "kind": .string(kind.rawValue), "seed": .integer(Int64(bitPattern: seed)), "definition": copy.json,
            "cases": .array(cases.map(\.content)),
            "roles": .array(
                (models + judges.map(\.model) + variants.map(\.model)
                    + [refiner, compare?.embedding, scanner?.model].compactMap(\.self)).map(\.role)),
        ]
        whole["occasion"] = occasion.map { .string($0) }
        return ContentHash(of: .object(whole))
    }
}

extension RunModel {
    /// Everything of a model that can change an answer, for the run's identity: no address, no secret.
    fileprivate var role: JSONValue {
        let settings = reference.endpoint.settings
        return [
            "model": json, "command": settings["command"] ?? .null,
            "alternatives": .array(
                reference.alternatives.map {
                    ["provider": .string($0.endpoint.kind.name), "model": .string($0.model)]
                }),
        ]
    }

    package var json: JSONValue {
        var object: JSONObject = [
            "name": .string(name), "provider": .string(reference.endpoint.kind.name), "model": .string(reference.model),
            "parameters": parameters.json,
        ]
        object["seed"] = seed.map { .integer(Int64($0)) }
        if cache { object["cache"] = true }
        if thinking != .reason { object["thinking"] = .string(thinking.rawValue) }
        return .object(object)
    }
}

extension RunJudge {
    package var json: JSONValue {
        [
            "name": .string(judge.name), "provider": .string(model.reference.endpoint.kind.name),
            "model": .string(model.reference.model), "mode": .string(judge.mode.rawValue),
            "thinking": .string(judge.thinking.rawValue), "temperature": .number(judge.temperature),
            "system_prompt": JSONValue(judge.systemPrompt),
        ]
    }
}

extension StopRules {
    package var json: JSONValue {
        [
            "max_iterations": .integer(Int64(maxIterations)), "min_delta": .number(minDelta),
            "convergence_window": .integer(Int64(convergenceWindow)), "patience": JSONValue(patience),
            "target": JSONValue(target), "max_budget_usd": maxBudget?.json ?? .null,
            "max_tokens": JSONValue(maxTokens), "max_calls": JSONValue(maxCalls),
            "max_seconds": JSONValue(maxDuration.map { Int($0.components.seconds) }),
        ]
    }
}

extension LoopSettings {
    package var json: JSONValue {
        [
            "mode": JSONValue(mode?.rawValue), "evidence_cases": .integer(Int64(evidenceCases)),
            "new_evidence_cases": .integer(Int64(newEvidenceCases)), "shown_failures": .integer(Int64(shownFailures)),
            "evidence_tokens": .integer(Int64(evidenceTokens)),
            "shown_successes": .integer(Int64(shownSuccesses)), "proposals": .integer(Int64(proposals)),
            "edit_share": .number(editShare), "edit_floor": .integer(Int64(editFloor)), "tries": .integer(Int64(tries)),
            "pool_size": .integer(Int64(poolSize)), "alternate_share": .number(alternateShare),
            "veto_cases": .integer(Int64(vetoCases)), "veto_below": .number(vetoBelow), "ceiling": .number(ceiling),
            "ceiling_cases": .integer(Int64(ceilingCases)), "error_share": .number(errorShare),
            "error_window": .integer(Int64(errorWindow)),
            "alternates_after_stalls": .integer(Int64(alternatesAfterStalls)),
            "restart_after_stalls": .integer(Int64(restartAfterStalls)),
            "replicates": .integer(Int64(replicates)), "agreement_alarm": .number(agreementAlarm),
            "audit_share": .number(auditShare), "finalists": .integer(Int64(finalists)),
            "finalist_cases": .integer(Int64(finalistCases)),
            "max_length": JSONValue(maxLength),
            "frozen": .array(frozenRegions.map { .string($0) }),
            "race": [
                "first_look": .integer(Int64(race.firstLook)), "step": .integer(Int64(race.step)),
                "max_cases": .integer(Int64(race.maxCases)), "accept_above": .number(race.acceptAbove),
                "reject_below": .number(race.rejectBelow), "accept_at_end_above": .number(race.acceptAtEndAbove),
                "prior_deviation": .number(race.priorDeviation), "prior_weight": .number(race.priorWeight),
                "escalate_at": .integer(Int64(race.escalateAt)),
            ],
        ]
    }
}
