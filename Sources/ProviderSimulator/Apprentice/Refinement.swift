internal import EdisonCore

/// Answers the structured call `refinement`: a small edit of the prompt, from the failures that it is shown.
///
/// About three proposals in ten are poor: filler, or a trap with a claim that sounds right. A loop that accepts
/// everything therefore does badly, and one that measures does well.
struct Refinement: Sendable {
    struct Edit: Sendable {
        let target: String
        let find: String
        let replace: String
        let claim: String
        let criteria: [String]
        /// What of the answers makes it worth making; completes "too often the answer …".
        var fault: String?

        var size: Int { find.count + replace.count }
        var json: JSONValue {
            ["target": .string(target), "find": .string(find), "replace": .string(replace), "claim": .string(claim)]
        }
    }

    private let task: ApprenticeTask
    private let sections: TaggedText
    private let draw: Draw
    private let isNoise: Bool
    private let prompt: String
    private let systemPrompt: String
    private let reading: PromptReading
    private let rubric: RubricReading
    /// What refusals, earlier attempts and the conversation say has been tried.
    private let history: [UInt8]

    init(tasks: [ApprenticeTask], request: SimulatedRequest) {
        let sections = request.sections
        self.sections = sections
        prompt = sections["prompt"] ?? ""
        systemPrompt = sections["system_prompt"] ?? ""
        let evidence = ["failures", "weak_criteria", "suggestions", "human_notes"].compactMap { sections[$0] }.joined(
            separator: "\n")
        let context = [sections["goal"] ?? "", sections["rubric"] ?? "", prompt, systemPrompt].joined(separator: "\n")
        task = Self.task(of: evidence, among: tasks) ?? tasks.closest(to: context)
        draw = Draw(request.seed, request.model, prompt, systemPrompt)
        isNoise = Words.split(request.model).contains("noise")
        reading = PromptReading(instructions: systemPrompt + "\n" + prompt, input: "")
        rubric = RubricReading(rubric: sections["rubric"] ?? "", schema: nil, task: task)
        let answers = request.turns.filter { $0.role == .assistant }.map(\.text)
        history = Words.normalised(([sections["history"] ?? ""] + answers).joined(separator: "\n"))
    }

    /// The task whose judges speak in the evidence.
    private static func task(of evidence: String, among tasks: [ApprenticeTask]) -> ApprenticeTask? {
        let normal = Words.normalised(evidence)
        let counted = (tasks + [.general]).map { task in
            (
                task,
                task.requirements.count {
                    Words.contains(Words.normalised($0.bad), in: normal)
                        || Words.contains(Words.normalised($0.advice), in: normal)
                }
            )
        }
        guard let best = counted.max(by: { $0.1 < $1.1 }), best.1 > 0 else { return nil }
        return counted.first { $0.1 == best.1 }?.0
    }

    var answer: JSONValue {
        let edits = edits
        guard !edits.isEmpty else {
            return [
                "analysis": "The failures share no cause that the prompt could mend.", "edits": [],
                "note": "No change: what is left looks like noise.", "target_criteria": [], "no_change": true,
            ]
        }
        var seen: Set<String> = []
        let targets = edits.flatMap(\.criteria).filter { seen.insert($0).inserted }
        return [
            "analysis": .string(analysis), "edits": .array(edits.map(\.json)), "note": .string(note(on: edits)),
            "target_criteria": .array(targets.map { .string($0) }), "no_change": false,
        ]
    }

    /// Each criterion once, with the faults that the edits answer; an edit without one speaks by its claim.
    private func note(on edits: [Edit]) -> String {
        var parts: [(criterion: String, faults: [String])] = []
        var claims: [String] = []
        for edit in edits {
            let criterion = edit.criteria.first ?? ""
            guard let fault = edit.fault else {
                if !claims.contains(edit.claim) { claims.append(edit.claim) }
                continue
            }
            if let index = parts.firstIndex(where: { $0.criterion == criterion }) {
                if !parts[index].faults.contains(fault) { parts[index].faults.append(fault) }
            } else {
                parts.append((criterion, [fault]))
            }
        }
        let sentences = parts.map { criterion, faults in
            let words = "too often the answer \(faults.joined(separator: ", or "))"
            return criterion.isEmpty ? words : "\(criterion): \(words)"
        }
        return (sentences + claims).map { "\($0.prefix(1).uppercased())\($0.dropFirst())." }.joined(separator: " ")
    }

    private var analysis: String {
        let ranked = wanted.prefix(3).map { "\($0.count) times the answer \($0.requirement.bad)" }
        return ranked.isEmpty
            ? "The answers leave little to mend." : "In the failures: " + ranked.joined(separator: "; ") + "."
    }

    private var edits: [Edit] {
        if isNoise { return filler(useless: 1) }
        if let removal = trapRemoval, draw.uniform("remove") < 0.6 { return [removal] }
        guard let first = instruction(0, excluding: []) else { return [] }
        let quality = draw.uniform("quality")
        if quality < 0.12, let trap = trapEdit { return [trap] }
        if quality < 0.3 { return filler(useless: draw.uniform("two fillers") < 0.5 ? 1 : 2) }
        guard draw.uniform("two") < 0.5, let second = instruction(1, excluding: [first.id]) else { return [first.edit] }
        return fitting([first.edit, second.edit])
    }

    /// Requirements that the evidence misses and the prompt does not state, most often first.
    private var wanted: [(requirement: Requirement, count: Int)] {
        let evidence = Words.normalised(
            ["failures", "suggestions"].compactMap { sections[$0] }.joined(separator: "\n"))
        let notes = Words.sentences(sections["human_notes"] ?? "").map { Words.split($0) }
        return task.requirements.compactMap { requirement in
            guard !reading.states(requirement) else { return nil }
            var count = Words.count(Words.normalised(requirement.bad), in: evidence)
            count += Words.count(Words.normalised(requirement.advice), in: evidence)
            if requirement.stated.matches(anyOf: notes) { count += 8 }
            return count > 0 ? (requirement, count) : nil
        }.sorted { $0.count > $1.count }
    }

    /// An instruction that states a wanted requirement, drawn in favour of the frequent ones.
    private func instruction(_ number: Int, excluding: Set<String>) -> (id: String, edit: Edit)? {
        let weak = Words.split(sections["weak_criteria"] ?? "")
        let candidates = wanted.filter { !excluding.contains($0.requirement.id) }.compactMap {
            wanted -> (Double, Requirement, String)? in
            let fresh = wanted.requirement.instructions.filter { !isTried($0) }
            guard let sentence = draw.pick(fresh, "sentence " + wanted.requirement.id) else { return nil }
            let boost = wanted.requirement.criteria.matches(weak) ? 1.5 : 1
            let key =
                1.5 * Double(wanted.count).squareRoot() * boost / 2
                + draw.gumbel("choice \(number) " + wanted.requirement.id)
            return (key, wanted.requirement, sentence)
        }
        guard let best = candidates.max(by: { $0.0 < $1.0 }) else { return nil }
        let criteria = rubric.criteria.filter { $0.requirements.contains { $0.id == best.1.id } }.map(\.name).prefix(1)
        let claim = "\(criteria.first.map { "\($0): " } ?? "")cases fail because the answer \(best.1.bad)"
        var edit = placed(best.2, claim: claim, criteria: Array(criteria), use: "place \(number)")
        edit.fault = best.1.bad
        return (best.1.id, edit)
    }

    private func isTried(_ sentence: String) -> Bool {
        let normal = Words.normalised(sentence)
        return Words.contains(normal, in: history)
            || Words.contains(normal, in: Words.normalised(prompt + "\n" + systemPrompt))
    }

    /// Mostly appended; sometimes put behind a sentence that stands in the text exactly once.
    private func placed(_ sentence: String, claim: String, criteria: [String], use: String) -> Edit {
        let toSystem = !systemPrompt.isEmpty && draw.uniform(use, "target") < 0.4
        let target = toSystem ? "system_prompt" : "prompt"
        let text = toSystem ? systemPrompt : prompt
        let anchors = Words.sentences(text).filter { anchor in
            anchor.count >= 12 && anchor.count <= 70 && anchor.hasSuffix(".") && !anchor.contains("{")
                && Words.count(Array(anchor.utf8), in: Array(text.utf8)) == 1
        }
        if draw.uniform(use, "kind") < 0.3, let anchor = draw.pick(anchors, use + " anchor") {
            return Edit(
                target: target, find: anchor, replace: anchor + " " + sentence, claim: claim, criteria: criteria)
        }
        return Edit(target: target, find: "", replace: sentence, claim: claim, criteria: criteria)
    }

    private func filler(useless count: Int) -> [Edit] {
        let fresh = draw.shuffled(task.fillers.filter { !isTried($0) }, "fillers").prefix(count)
        let criterion = draw.pick(rubric.criteria.map(\.name), "filler criterion")
        return fresh.enumerated().map { number, sentence in
            placed(
                sentence, claim: "\(criterion.map { "\($0): " } ?? "")reminds the model of what the work is for",
                criteria: criterion.map { [$0] } ?? [], use: "filler \(number)")
        }
    }

    private var trapEdit: Edit? {
        let traps = task.traps.filter { !reading.states($0) && $0.instructions.contains { !isTried($0) } }
        guard let trap = draw.pick(traps, "trap"),
            let sentence = draw.pick(trap.instructions.filter { !isTried($0) }, "trap sentence")
        else { return nil }
        let criterion = draw.pick(rubric.criteria.map(\.name), "trap criterion")
        return placed(
            sentence, claim: "\(criterion.map { "\($0): " } ?? "")\(trap.claim)",
            criteria: criterion.map { [$0] } ?? [], use: "trap")
    }

    /// Takes a harmful sentence out of the prompt again.
    private var trapRemoval: Edit? {
        for (target, text) in [("prompt", prompt), ("system_prompt", systemPrompt)] {
            for sentence in Words.sentences(text) where !sentence.contains("{") {
                let words = Words.split(sentence)
                guard let trap = task.traps.first(where: { $0.stated.matches(words) }),
                    Words.count(Array(sentence.utf8), in: Array(text.utf8)) == 1, sentence.count < text.count
                else { continue }
                return Edit(
                    target: target, find: sentence, replace: "",
                    claim: "takes out a sentence that keeps answers from doing their work (\(trap.id))", criteria: [])
            }
        }
        return nil
    }

    /// Drops what would go over the limit of a change: 15 % of the text, at least 280 characters.
    private func fitting(_ edits: [Edit]) -> [Edit] {
        let limit = max(280, Int(0.15 * Double(prompt.count + systemPrompt.count)))
        var size = 0
        var used: Set<String> = []
        return edits.filter { edit in
            size += edit.size
            return size <= limit && (edit.find.isEmpty || used.insert(edit.find).inserted)
        }
    }
}
