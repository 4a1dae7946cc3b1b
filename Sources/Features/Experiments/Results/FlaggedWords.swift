package import EdisonCore

/// What was flagged by whom, and what people said of it, in a sentence that is the same everywhere.
package struct FlaggedWords: Sendable {
    /// `3 outputs are flagged (personal data 3), by strict 2, by safety scan 1. A person confirmed 1 and dismissed 1.`
    package let sentence: String
    /// Outputs that nobody has looked at.
    package let open: Int

    /// nil when nothing is flagged, or in a result from before flags were counted.
    package init?(_ result: JSONObject) {
        guard let flagged = result["flagged"], let outputs = flagged["outputs"]?.int, outputs > 0 else { return nil }
        let confirmed = flagged["confirmed"]?.int ?? 0
        let dismissed = flagged["dismissed"]?.int ?? 0
        open = outputs - confirmed - dismissed
        let flags = (flagged["by_flag"]?.object?.members ?? []).compactMap { flag in
            flag.value.int.flatMap { $0 > 0 ? "\(SafetyWords.word(flag.key)) \($0)" : nil }
        }
        let raisers = (flagged["by"]?.array ?? []).map { raiser in
            "by \(raiser["by"]?.string ?? "") \(raiser["outputs"]?.int ?? 0)"
        }
        let people =
            confirmed + dismissed == 0 ? "" : " A person confirmed \(confirmed) and dismissed \(dismissed)."
        sentence =
            "\(outputs) \(outputs == 1 ? "output is" : "outputs are") flagged (\(flags.joined(separator: ", "))), \(raisers.joined(separator: ", "))."
            + people
    }
}
