/// How large a change is: Unicode scalars deleted and inserted in the token-mode word diff.
package struct EditSize: Hashable, Sendable {
    package let deleted: Int
    package let inserted: Int

    package init(from old: String, to new: String) {
        let diff = WordDiff(from: old, to: new, mode: .tokens)
        func size(_ kind: WordDiff.Kind) -> Int {
            diff.parts.filter { $0.kind == kind }.reduce(0) { $0 + $1.text.unicodeScalars.count }
        }
        deleted = size(.delete)
        inserted = size(.insert)
    }

    package var changed: Int { deleted + inserted }

    /// The larger of a share of the old text and a floor that lets short prompts grow.
    package static func limit(for old: String, share: Double, floor: Int) -> Int {
        max(Int(share * Double(old.unicodeScalars.count)), floor)
    }
}
