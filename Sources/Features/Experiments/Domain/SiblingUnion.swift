package import EdisonPrompts

/// What two accepted children of one parent make together, when their edits do not get into each other's way.
package enum SiblingUnion {
    /// The union of the two that gained most; nil when there are no two, or when the union breaks a rule or exists.
    package static func plan(
        _ accepted: [(version: LoopVersion, gain: Double)], parent: LoopVersion, guardian: ProposalGuard,
        known: [PromptContent]
    ) -> ChildPlan? {
        let siblings = pair(accepted, parent: parent)
        guard siblings.count == 2 else { return nil }
        let edits = siblings.flatMap(\.edits)
        guard let content = try? guardian.apply(edits, to: parent.version.content),
            guardian.faults(from: parent.version.content, to: content).isEmpty, !known.contains(content)
        else { return nil }
        let numbers = siblings.map { String($0.number) }.joined(separator: " and ")
        return ChildPlan(
            edits: edits, content: content, note: "The edits of versions \(numbers) together",
            targetCriteria: siblings.flatMap(\.targetCriteria).reduce(into: []) { criteria, name in
                if !criteria.contains(name) { criteria.append(name) }
            })
    }

    /// The two that gained most, the better one first; fewer when there are no two.
    package static func pair(
        _ accepted: [(version: LoopVersion, gain: Double)], parent: LoopVersion
    ) -> [LoopVersion] {
        accepted.filter { $0.version.parentID == parent.version.id && !$0.version.edits.isEmpty }
            .sorted { $0.gain != $1.gain ? $0.gain > $1.gain : $0.version.number < $1.version.number }.prefix(2)
            .map(\.version)
    }
}
