extension TextEdit {
    /// The edits that make one text of another, one for each place that differs: applied in their order to the old text
    /// they give the new one, and each finds its place exactly once.
    package static func between(_ old: String, _ new: String) -> [TextEdit] {
        guard old != new else { return [] }
        let diff = LineDiff(from: old, to: new)
        for context in [0, 1, 2, 3, 5, 8] {
            let edits = diff.patch(context: context).hunks.map { hunk in
                TextEdit(find: text(of: hunk, without: .insert), replace: text(of: hunk, without: .delete))
            }
            if stand(edits, in: old), result(of: edits, on: old) == new { return edits }
        }
        return [TextEdit(find: old, replace: new)]
    }

    private static func text(of hunk: Patch.Hunk, without kind: Patch.LineKind) -> String {
        hunk.lines.filter { $0.kind != kind }.map(\.text).joined()
    }

    /// Whether each finds its place alone, too: one may be taken and another left.
    private static func stand(_ edits: [TextEdit], in text: String) -> Bool {
        edits.allSatisfy { !$0.find.isEmpty && (try? $0.apply(to: text)) != nil }
    }

    /// nil when an edit does not find its place, or when its text is empty, which means something else.
    private static func result(of edits: [TextEdit], on text: String) -> String? {
        var text = text
        for edit in edits {
            guard !edit.find.isEmpty, let next = try? edit.apply(to: text) else { return nil }
            text = next
        }
        return text
    }
}
