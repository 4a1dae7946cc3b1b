import EdisonCore
import EdisonEvaluation

/// Reads `safety`: a scanner and what it scans. Everything else there is a person's own, and recorded as it is.
struct SafetyReader {
    let file: FileMapping

    /// What stands there beside the scanner; nil when nothing does.
    var recorded: JSONValue? {
        guard let node = file["safety"] else { return nil }
        guard case .object(let object) = node.json() else { return node.json() }
        let rest = JSONObject(object.members.filter { !Self.own.contains($0.key) }.map { ($0.key, $0.value) })
        return rest.isEmpty && !object.isEmpty ? nil : .object(rest)
    }

    func scanner(_ models: inout ModelReader) -> SafetyScanner? {
        guard let node = file["safety"], node.isMapping else { return nil }
        let members = node.members()
        for (key, value) in members where !Self.own.contains(key) {
            if let meant = Self.own.first(where: { editDistance($0, key) <= ($0.count > 4 ? 2 : 1) }) {
                value.keyFault("unknown key \"\(key)\"; did you mean \"\(meant)\"?")
            }
        }
        let own = members.filter { !$0.value.isNull }
        let scan = own.first { $0.key == "scan" }?.value
        guard let place = own.first(where: { $0.key == "scanner" })?.value else {
            scan?.keyFault("\"scan\" needs scanner: { provider: …, model: … } beside it: the model that scans")
            return nil
        }
        guard place.isMapping else {
            place.fault("must be a mapping: { provider: …, model: … }")
            return nil
        }
        let subjects = scan.map(subjects) ?? Set(SafetyScanner.Subject.allCases)
        return models.scanner(place).map { model, words in
            SafetyScanner(model: model, subjects: subjects, systemPrompt: words)
        }
    }

    private static let own = ["scanner", "scan"]

    /// A word or a list of them.
    private func subjects(_ node: FileNode) -> Set<SafetyScanner.Subject> {
        let nodes = node.isSequence ? node.elements() : [node]
        if nodes.isEmpty { node.fault("names nothing; leave it out to scan inputs and outputs") }
        return Set(nodes.compactMap(subject))
    }

    private func subject(_ node: FileNode) -> SafetyScanner.Subject? {
        guard let word = node.string() else { return nil }
        if let subject = SafetyScanner.Subject(rawValue: word.lowercased()) { return subject }
        let known = SafetyScanner.Subject.allCases.map(\.rawValue)
        let near = known.first { editDistance($0, word) <= 2 }
        node.fault(
            "\"\(word)\" is not one of \(known.joined(separator: ", "))"
                + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
        return nil
    }
}
