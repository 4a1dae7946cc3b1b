package import EdisonCore
package import EdisonEvaluation
package import EdisonLLM
package import EdisonPrompts
import EdisonResources
import EdisonText

/// The structured call `refinement`: what the refiner is shown, and how its edits are read.
package struct RefinementContract: Sendable {
    package let goal: String
    package let rubric: Rubric
    package let guardian: ProposalGuard
    package let parent: PromptContent

    package init(goal: String, rubric: Rubric, guardian: ProposalGuard, parent: PromptContent) {
        self.goal = goal
        self.rubric = rubric
        self.guardian = guardian
        self.parent = parent
    }

    package func request(_ evidence: RefinerEvidence) throws -> StructuredRequest {
        let limit = EditSize.limit(
            for: parent.text, share: guardian.settings.editShare, floor: guardian.settings.editFloor)
        let instructions = try Template(try Asset.text("Experiments/Prompts/refinement.txt"))
            .render(["limit": .string(String(limit))])
        var sections = [
            TaggedSection("goal", goal),
            TaggedSection("rubric", JSONValue.array(rubric.criteria.map(\.json)).text(.pretty)),
            TaggedSection("prompt", parent.shownText),
        ]
        if let system = parent.systemText { sections.append(TaggedSection("system_prompt", system)) }
        sections += [
            TaggedSection("weak_criteria", evidence.weakCriteria.text(.pretty)),
            TaggedSection("failures", evidence.failures.text(.pretty)),
            TaggedSection("successes", evidence.successes.text(.pretty)),
            TaggedSection("suggestions", evidence.suggestions.text(.pretty)),
            TaggedSection("human_notes", evidence.humanNotes.joined(separator: "\n")),
            TaggedSection("history", evidence.history.text(.pretty)),
        ]
        return StructuredRequest(
            schema: Self.schema, instructions: instructions, sections: sections, check: { faults(in: $0) },
            otherForm: ProposedChange.answer)
    }

    private static let schema: ResponseSchema = {
        let edit = JSONValue.schemaObject([
            "target": ["type": "string", "enum": ["prompt", "system_prompt"]], "find": ["type": "string"],
            "replace": ["type": "string"], "claim": ["type": "string"],
        ])
        return ResponseSchema(
            name: "refinement",
            schema: .schemaObject(
                title: "refinement",
                [
                    "analysis": ["type": "string"], "edits": ["type": "array", "items": edit],
                    "note": ["type": "string"],
                    "target_criteria": ["type": "array", "items": ["type": "string"]],
                    "no_change": ["type": "boolean"],
                ]))
    }()

    /// The edits that most samples propose; of equally many the first.
    static func agreed(_ answers: [JSONValue]) -> JSONValue {
        let edits = answers.map { $0["edits"]?.text(.canonical) ?? "" }
        let counts = edits.map { edit in edits.count { $0 == edit } }
        return answers[counts.firstIndex(of: counts.max() ?? 0) ?? 0]
    }

    func faults(in answer: JSONValue) -> [String] {
        if answer["no_change"]?.bool == true { return [] }
        do {
            let proposal = try Proposal(answer: answer, parent: parent, guardian: guardian)
            return proposal.edits.isEmpty
                ? ["there are no edits; answer no_change: true if nothing should change"]
                : guardian.faults(from: parent, to: try guardian.apply(proposal.edits, to: parent))
        } catch {
            return [error.description]
        }
    }
}

/// What the refiner is shown of an iteration.
package struct RefinerEvidence: Sendable {
    package var weakCriteria: JSONValue = []
    package var failures: JSONValue = []
    package var successes: JSONValue = []
    package var suggestions: JSONValue = []
    package var humanNotes: [String] = []
    package var history: JSONValue = []

    package init() {}
}

/// A refiner's answer, read.
package struct Proposal: Sendable {
    package let edits: [ProposedEdit]
    package let note: String
    package let targetCriteria: [String]
    package let isNoChange: Bool

    /// Takes search-and-replace edits; a unified diff or a whole new prompt is turned into them.
    package init(answer: JSONValue, parent: PromptContent, guardian: ProposalGuard) throws(ProposalFault) {
        note = answer["note"]?.string ?? ""
        targetCriteria = (answer["target_criteria"]?.array ?? []).compactMap(\.string)
        isNoChange = answer["no_change"]?.bool ?? false
        if isNoChange {
            edits = []
        } else if let list = answer["edits"]?.array, !list.isEmpty {
            edits = list.map { edit in
                ProposedEdit(
                    target: EditTarget(rawValue: edit["target"]?.string ?? "prompt") ?? .prompt,
                    find: edit["find"]?.string ?? "", replace: edit["replace"]?.string ?? "",
                    claim: edit["claim"]?.string ?? "")
            }
        } else if let diff = answer["diff"]?.string {
            edits = try ProposedChange.edits(fromDiff: diff, parent: parent)
        } else if let whole = answer["prompt"]?.string {
            edits = ProposedChange.edits(fromWhole: whole, parent: parent)
        } else {
            edits = []
        }
    }
}
