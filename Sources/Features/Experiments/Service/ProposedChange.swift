import EdisonCore
import EdisonPrompts
import EdisonText

/// A change that a refiner writes in another form than search and replace: a unified diff, or the whole new prompt.
/// Both become edits, so that everything after this reads one form.
enum ProposedChange {
    /// - Parameter diff: is applied with tolerance for wrong counts and positions, since models are poor at numbers,
    ///   never for text that is not there.
    static func edits(fromDiff diff: String, parent: PromptContent) throws(ProposalFault) -> [ProposedEdit] {
        do {
            let patch = try Patch(parsing: diff, repairingCounts: true)
            let target: EditTarget = patch.oldPath?.contains("system") == true ? .systemPrompt : .prompt
            let old = parent[target]
            // A model rarely says that the last line has no line break: the text is patched with one, then without.
            let ended = old.hasSuffix("\n") ? old : old + "\n"
            var new: String?
            do { new = try patch.apply(to: old) } catch { new = try patch.apply(to: ended) }
            guard var text = new else { throw ProposalFault("the diff removes the whole \(target.rawValue)") }
            if !old.hasSuffix("\n"), text.hasSuffix("\n") { text.removeLast() }
            return edits(from: old, to: text, target)
        } catch let fault as ProposalFault {
            throw fault
        } catch {
            throw ProposalFault("the diff does not apply: \(error)")
        }
    }

    static func edits(fromWhole text: String, parent: PromptContent) -> [ProposedEdit] {
        edits(from: parent.text, to: text, .prompt)
    }

    private static func edits(from old: String, to new: String, _ target: EditTarget) -> [ProposedEdit] {
        TextEdit.between(old, new).map {
            ProposedEdit(target: target, find: $0.find, replace: $0.replace, claim: "")
        }
    }

    /// What an answer that is no JSON may hold: a diff, in a fence or in `<diff>`, or a prompt in `<prompt>`.
    static func answer(in text: String) -> JSONValue? {
        let note = between("<note>", "</note>", text).map { JSONValue.string($0) } ?? ""
        if let diff = between("<diff>", "</diff>", text) ?? between("```diff\n", "```", text) {
            return ["diff": .string(diff), "note": note]
        }
        if text.hasPrefix("--- ") || text.contains("\n--- "), text.contains("\n@@ ") {
            return ["diff": .string(text), "note": note]
        }
        return between("<prompt>", "</prompt>", text).map { ["prompt": .string($0), "note": note] }
    }

    private static func between(_ start: String, _ end: String, _ text: String) -> String? {
        guard let opening = text.firstRange(of: start),
            let closing = text[opening.upperBound...].firstRange(of: end)
        else { return nil }
        let inside = text[opening.upperBound..<closing.lowerBound]
        return inside.hasPrefix("\n") ? String(inside.dropFirst()) : String(inside)
    }
}
