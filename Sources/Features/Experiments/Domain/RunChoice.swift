package import EdisonCore

/// Finds the run that a person means among those that are stored.
package struct RunChoice: Sendable {
    /// Newest first.
    private let runs: [StoredRun]

    package init(runs: [StoredRun]) { self.runs = runs }

    /// A file means its newest run that is not archived, a refinement before an evaluation: it is the one that has
    /// something to show or to put into production.
    ///
    /// - Parameter file: the word as an absolute path.
    package func run(_ word: String, file: String?) throws(EdisonError) -> StoredRun {
        let wanted = word.lowercased()
        let byID = wanted.isEmpty ? [] : runs.filter { $0.experiment.id.text.hasPrefix(wanted) }
        if byID.count == 1 { return byID[0] }
        if byID.count > 1 {
            throw EdisonError(
                .invalid, "\(byID.count) runs begin with \"\(word)\".",
                detail: "Give more of the id: "
                    + byID.prefix(4).map { $0.experiment.id.text }.joined(separator: ", ")
                    + (byID.count > 4 ? ", …" : ""))
        }
        let ofFile = runs.filter { $0.file != nil && $0.file == file }
        let open = ofFile.filter { $0.experiment.status != .archived }
        let meant = open.first { $0.experiment.kind == .refine } ?? open.first ?? ofFile.first
        if let meant { return meant }
        throw EdisonError(
            .notFound, "No run has the id or the file \"\(word)\".", detail: "edison runs --all lists all of them.")
    }

    /// How many characters of an id tell every run from the others.
    package static func shortLength(_ ids: [String]) -> Int {
        let sorted = ids.sorted()
        let shared =
            zip(sorted, sorted.dropFirst()).map { left, right in
                zip(left, right).prefix { $0 == $1 }.count
            }.max() ?? 0
        return max(8, shared + 1)
    }
}
