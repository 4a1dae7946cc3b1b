/// Says why a hunk may have no place, so that people and models know what to change.
enum PatchAdvice {
    static func text(_ hunk: Patch.Hunk, number: Int, base: [TextLine], options: PatchOptions) -> String {
        "Hunk \(number) does not apply near line \(hunk.oldStart): \(reason(hunk, base, options))"
    }

    private static func reason(_ hunk: Patch.Hunk, _ base: [TextLine], _ options: PatchOptions) -> String {
        if fits(hunk, base, options, ignoring: options.ignoring, anywhere: true) {
            return hunk.lines.contains { $0.kind == .context }
                ? "the place it fits lies before the hunk above it, or not at the end of the text where the hunk was made."
                : "it has no context; add some lines around the change, or allow hunks without context."
        }
        if fits(hunk, base, options, ignoring: .lineEndings) {
            return "only the line endings differ (CRLF and LF); convert the patch to those of the text."
        }
        if fits(hunk, base, options, ignoring: .allSpace) {
            return "only white space differs; copy the lines literally, or ignore white space."
        }
        if fits(hunk.reversed, base, options, ignoring: options.ignoring) {
            return "the text has this change already."
        }
        return "the text has no such lines; make the patch anew from the text as it is now."
    }

    private static func fits(
        _ hunk: Patch.Hunk, _ base: [TextLine], _ options: PatchOptions, ignoring rule: WhiteSpaceRule,
        anywhere: Bool = false
    ) -> Bool {
        let options = PatchOptions(
            fuzz: options.fuzz, allowsZeroContext: anywhere || options.allowsZeroContext, ignoring: rule)
        return HunkPlacement(base: base.map(rule.key), options: options).find(hunk, from: 0, drift: 0) != nil
    }
}
