package import EdisonPrompts

/// A candidate before it is a version: which edits make it, and from which proposal.
package struct ChildPlan: Sendable {
    package let edits: [ProposedEdit]
    package let content: PromptContent
    package let note: String
    package let targetCriteria: [String]

    package init(edits: [ProposedEdit], content: PromptContent, note: String, targetCriteria: [String]) {
        self.edits = edits
        self.content = content
        self.note = note
        self.targetCriteria = targetCriteria
    }

    /// Turns the proposals of one iteration into candidates: the additions of each proposal are one (at most five edits
    /// within the size budget), each deletion or replacement is one of its own. Edits that stand already, that fell
    /// often enough, or that do not fit any more are left out.
    ///
    /// Additions of several proposals are not joined here: a useless one would ride along with a good one, and a harmful
    /// one would take it down. Those that prove themselves apart are joined by `SiblingUnion`.
    package static func plans(
        _ proposals: [Proposal], parent: PromptContent, guardian: ProposalGuard, tries: (ProposedEdit) -> Int
    ) -> [ChildPlan] {
        var joined: [ChildPlan] = []
        var single: [ChildPlan] = []
        for proposal in proposals {
            let known = joined.flatMap(\.edits)
            var additions: [ProposedEdit] = []
            for edit in proposal.edits where tries(edit) < guardian.settings.tries {
                if edit.isAddition {
                    guard additions.count < 5, !Self.stands(edit, in: parent, or: known + additions),
                        !(known + additions).contains(where: { $0.sameChange(as: edit) }),
                        fits(additions + [edit], parent, guardian)
                    else { continue }
                    additions.append(edit)
                } else if let content = try? guardian.apply([edit], to: parent),
                    guardian.faults(from: parent, to: content).isEmpty
                {
                    single.append(ChildPlan([edit], content, proposal))
                }
            }
            if !additions.isEmpty, let content = try? guardian.apply(additions, to: parent) {
                joined.append(ChildPlan(additions, content, proposal))
            }
        }
        var seen: Set<PromptContent> = [parent]
        return (joined + single).filter { seen.insert($0.content).inserted }
    }

    private init(_ edits: [ProposedEdit], _ content: PromptContent, _ proposal: Proposal) {
        self.init(edits: edits, content: content, note: proposal.note, targetCriteria: proposal.targetCriteria)
    }

    /// Whether the words that an edit adds stand already, in the parent or in an earlier addition.
    private static func stands(_ edit: ProposedEdit, in parent: PromptContent, or others: [ProposedEdit]) -> Bool {
        let words = edit.addedText
        guard !words.isEmpty else { return true }
        return parent[edit.target].contains(words) || others.contains { $0.addedText == words }
    }

    private static func fits(_ edits: [ProposedEdit], _ parent: PromptContent, _ guardian: ProposalGuard) -> Bool {
        guard let content = try? guardian.apply(edits, to: parent) else { return false }
        return guardian.faults(from: parent, to: content).isEmpty
    }
}

extension ProposedEdit {
    /// What an addition brings, without what it found.
    var addedText: String {
        let rest = find.isEmpty ? replace : replace.replacing(find, with: "", maxReplacements: 1)
        return rest.trimming(\.isWhitespace)
    }

    func sameChange(as other: ProposedEdit) -> Bool {
        target == other.target && find == other.find && replace == other.replace
    }
}

extension String {
    fileprivate func trimming(_ test: (Character) -> Bool) -> String {
        var part = self[...]
        while let first = part.first, test(first) { part.removeFirst() }
        while let last = part.last, test(last) { part.removeLast() }
        return String(part)
    }
}
