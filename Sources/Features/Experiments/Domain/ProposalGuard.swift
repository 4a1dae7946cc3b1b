import EdisonCore
package import EdisonDatasets
package import EdisonEvaluation
package import EdisonPrompts
import EdisonText

/// The rules that a proposed change must keep before a call is spent on it (requirement Z29).
package struct ProposalGuard: Sendable {
    package let goal: String
    package let rubric: Rubric
    package let settings: LoopSettings
    /// The search cases, whose passages must not be copied into a prompt.
    package let cases: [TestCase]
    /// The length that no version may exceed, in characters.
    package let maxLength: Int

    package init(goal: String, rubric: Rubric, settings: LoopSettings, cases: [TestCase], seed: PromptContent) {
        self.goal = goal
        self.rubric = rubric
        self.settings = settings
        self.cases = cases
        maxLength = settings.maxLength ?? 2 * max(seed.shownText.count, seed.systemText?.count ?? 0) + 2_000
    }

    /// Applies the edits, one after the other; throws what is wrong in words that the refiner can act on.
    package func apply(_ edits: [ProposedEdit], to parent: PromptContent) throws(ProposalFault) -> PromptContent {
        var child = parent
        for (index, edit) in edits.enumerated() {
            do { try Self.apply(edit, to: &child) } catch { throw ProposalFault("edit \(index + 1): \(error)") }
        }
        return child
    }

    /// In a conversation the passage may stand in any message, in exactly one of them; an addition goes to the last.
    private static func apply(_ edit: ProposedEdit, to content: inout PromptContent) throws(TextEdit.Failure) {
        let change = TextEdit(find: edit.find, replace: edit.replace)
        guard edit.target == .prompt, let last = content.messages.indices.last else {
            content[edit.target] = try change.apply(to: content[edit.target])
            return
        }
        if edit.find.isEmpty {
            content.messages[last].text = try change.apply(to: content.messages[last].text)
            return
        }
        let places = content.messages.indices.filter { content.messages[$0].text.contains(edit.find) }
        if places.count == 1, !content.text.contains(edit.find) {
            content.messages[places[0]].text = try change.apply(to: content.messages[places[0]].text)
        } else if places.isEmpty {
            content.text = try change.apply(to: content.text)
        } else {
            // Several places: the failure says so.
            _ = try change.apply(to: content.shownText + "\n" + content.text)
        }
    }

    /// Everything that is wrong with a change; empty when it may be tried.
    package func faults(from parent: PromptContent, to child: PromptContent) -> [String] {
        if parent == child { return ["nothing changes"] }
        return EditTarget.allCases.flatMap { target in
            faults(in: target, from: parent.wording(of: target), to: child.wording(of: target))
        } + variableFaults(from: parent, to: child)
    }

    private func faults(in target: EditTarget, from old: String, to new: String) -> [String] {
        guard old != new else { return [] }
        var faults: [String] = []
        let name = target.rawValue
        if new.allSatisfy(\.isWhitespace) { faults.append("the \(name) becomes empty") }
        let size = EditSize(from: old, to: new)
        let limit = EditSize.limit(for: old, share: settings.editShare, floor: settings.editFloor)
        if size.changed > limit {
            faults.append("the change of the \(name) is too large: \(size.changed) characters, at most \(limit)")
        }
        if new.count > maxLength, new.count > old.count {
            faults.append("the \(name) becomes longer than \(maxLength) characters")
        }
        if !Self.controls(new).isSubset(of: Self.controls(old)) {
            faults.append("the \(name) contains control characters")
        }
        for region in settings.frozenRegions where old.contains(region) && !new.contains(region) {
            faults.append("the passage \"\(region.prefix(60))\" must stay as it is")
        }
        if let copied = copiedPassage(from: old, to: new) {
            faults.append("\"\(copied)\" is copied from a test case; state a general rule")
        }
        return faults
    }

    /// Control characters of both sets, line feed and tab left out.
    private static func controls(_ text: String) -> Set<UnicodeScalar> {
        Set(text.unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" })
    }

    private func copiedPassage(from old: String, to new: String) -> String? {
        let additions = WordDiff(from: old, to: new).insertions
        let known = [old, goal] + rubric.criteria.flatMap { [$0.name, $0.description] }
        for testCase in cases {
            let text = testCase.inputText + "\n" + (testCase.expected.map { $0.string ?? $0.text() } ?? "")
            if let passage = OverlapGuard.copiedPassage(in: additions, from: text, excluding: known) { return passage }
        }
        return nil
    }

    private func variableFaults(from old: PromptContent, to new: PromptContent) -> [String] {
        do {
            let before = try PromptRenderer.variables(old)
            let after = try PromptRenderer.variables(new)
            let lost = before.filter { !after.contains($0) }.map { "the variable {{\($0)}} is lost" }
            let invented = after.filter { !before.contains($0) }.map { "the variable {{\($0)}} is not known" }
            let (uses, now) = (try PromptRenderer.uses(old), try PromptRenderer.uses(new))
            let counted = before.filter { after.contains($0) && uses[$0] != now[$0] }.map {
                "the variable {{\($0)}} must be used as often as before"
            }
            return lost + invented + counted
        } catch {
            return ["the prompt is no valid template: \(error)"]
        }
    }
}

/// What is wrong with a proposal.
package struct ProposalFault: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
