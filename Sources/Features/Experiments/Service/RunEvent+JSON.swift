package import EdisonCore
import EdisonEvents
import EdisonPrompts
import EdisonText

/// What is told of a run to those who follow it from elsewhere, and read again there.
extension RunEvent {
    /// nil: it concerns this process alone, or comes too often to be told.
    var told: (kind: EventKind, payload: JSONValue)? {
        switch self {
        case .joining, .leftOut, .raced, .decidedElsewhere, .confirmed: return nil
        case .drafting(let model): return ("run:drafting", ["model": .string(model)])
        case .started(let cases, _):
            return (
                "run:started",
                [
                    "search": JSONValue(cases.search), "holdout": JSONValue(cases.holdout),
                    "reserve": JSONValue(cases.reserve), "is_reserve_tested": .bool(cases.isReserveTested),
                    "is_evaluation": .bool(cases.isEvaluation),
                ]
            )
        case .wornHoldout(let tests, let isReserveUnseen):
            return ("run:worn-holdout", ["tests": JSONValue(tests), "is_reserve_unseen": .bool(isReserveUnseen)])
        case .scored(let iteration, let version, let estimate):
            return (
                "run:scored",
                [
                    "iteration": JSONValue(iteration), "version": JSONValue(version), "score": .number(estimate.mean),
                    "interval": estimate.interval.json, "cases": JSONValue(estimate.cases),
                    "method": .string(estimate.method),
                ]
            )
        case .proposed(let iteration, let candidates, let refused):
            return (
                "run:proposed",
                [
                    "iteration": JSONValue(iteration), "candidates": JSONValue(candidates),
                    "refused": .array(refused.map { .string($0) }),
                ]
            )
        case .decided(let iteration, let version, let parent):
            return (
                "run:decided",
                ["iteration": JSONValue(iteration), "parent": JSONValue(parent), "version": version.told]
            )
        case .summarised(let iteration, let headline):
            return ("run:summarised", ["iteration": JSONValue(iteration), "headline": .string(headline)])
        case .stopping(let reason, let isKeptForTest):
            return (
                "run:stopping", ["reason": .string(reason.rawValue), "kept_for_test": .bool(isKeptForTest)]
            )
        case .confirming(let cases): return ("run:confirming", ["cases": JSONValue(cases)])
        }
    }

    /// nil: it tells of something else than the course of a run, or in words of another version.
    package init?(kind: String, _ payload: JSONValue) {
        let iteration = payload["iteration"]?.int ?? 0
        let cases = payload["cases"]?.int ?? 0
        switch kind {
        case "run:drafting": self = .drafting(model: payload["model"]?.string ?? "A model")
        case "run:started":
            var split = SplitCounts(
                search: payload["search"]?.int ?? 0, holdout: payload["holdout"]?.int ?? 0,
                reserve: payload["reserve"]?.int ?? 0)
            split.isReserveTested = payload["is_reserve_tested"]?.bool ?? false
            split.isEvaluation = payload["is_evaluation"]?.bool ?? false
            self = .started(split, resumed: false)
        case "run:worn-holdout":
            self = .wornHoldout(
                tests: payload["tests"]?.int ?? 1, isReserveUnseen: payload["is_reserve_unseen"]?.bool ?? false)
        case "run:scored":
            guard let mean = payload["score"]?.double else { return nil }
            self = .scored(
                iteration: iteration, version: payload["version"]?.int ?? 0,
                Estimate(
                    mean: mean, interval: payload["interval"]?.range, cases: cases,
                    method: payload["method"]?.string ?? ""))
        case "run:proposed":
            self = .proposed(
                iteration: iteration, candidates: payload["candidates"]?.int ?? 0,
                refused: (payload["refused"]?.array ?? []).compactMap(\.string))
        case "run:decided":
            guard let version = payload["version"].flatMap(LoopVersion.init(told:)) else { return nil }
            self = .decided(iteration: iteration, version, parent: payload["parent"]?.int ?? 0)
        case "run:summarised":
            self = .summarised(iteration: iteration, headline: payload["headline"]?.string ?? "")
        case "run:stopping":
            guard let reason = payload["reason"]?.string.flatMap(StopReason.init(rawValue:)) else { return nil }
            self = .stopping(reason, isKeptForTest: payload["kept_for_test"]?.bool ?? false)
        case "run:confirming": self = .confirming(cases: cases)
        default: return nil
        }
    }
}

extension LoopVersion {
    fileprivate var told: JSONValue {
        var object: JSONObject = [
            "id": .string(version.id.text), "number": JSONValue(number), "iteration": JSONValue(iteration),
            "status": .string(status.rawValue), "diff": .string(diff), "note": .string(note),
            "edits": .array(edits.map(\.json)), "content": version.content.json,
        ]
        object["decision"] = decision.map { decision in
            [
                "by": .string(decision.by.rawValue), "reason": .string(decision.reason),
                "delta": JSONValue(decision.delta), "interval": decision.interval.json,
                "cases": JSONValue(decision.cases),
            ]
        }
        return .object(object)
    }

    fileprivate init?(told json: JSONValue) {
        guard let number = json["number"]?.int, let status = json["status"]?.string.flatMap(Status.init(rawValue:))
        else { return nil }
        let edits = (json["edits"]?.array ?? []).map { edit in
            ProposedEdit(
                target: edit["target"]?.string.flatMap(EditTarget.init(rawValue:)) ?? .prompt,
                find: edit["find"]?.string ?? "", replace: edit["replace"]?.string ?? "",
                claim: edit["claim"]?.string ?? "")
        }
        let content = PromptContent(json: json["content"] ?? [:])
        self.init(
            version: PromptVersion(
                id: PromptVersion.ID(json["id"]?.string ?? ""), promptID: Prompt.ID(""), number: number, parentID: nil,
                content: content, message: "", createdAt: .now),
            number: number, parentID: nil, iteration: json["iteration"]?.int ?? 0, status: status,
            diff: json["diff"]?.string ?? "", note: json["note"]?.string ?? "", edits: edits, targetCriteria: [])
        if let decision = json["decision"], decision.object != nil {
            self.decision = LoopDecision(
                by: decision["by"]?.string.flatMap(LoopDecision.Author.init(rawValue:)) ?? .gate,
                reason: decision["reason"]?.string ?? "", delta: decision["delta"]?.double,
                interval: decision["interval"]?.range, cases: decision["cases"]?.int ?? 0)
        }
    }
}

extension JSONValue {
    fileprivate var range: ClosedRange<Double>? {
        guard let low = self[0]?.double, let high = self[1]?.double, low <= high else { return nil }
        return low...high
    }
}
