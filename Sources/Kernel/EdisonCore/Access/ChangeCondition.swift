/// What whoever changes a thing has seen of it, checked in the transaction that changes it: so no one undoes what they
/// have not seen.
package struct ChangeCondition<Thing: Sendable>: Sendable {
    private let check: @Sendable (Thing) throws -> Void

    /// - Parameter check: throws `conflict` for a state that is not the one that was seen.
    package init(_ check: @escaping @Sendable (Thing) throws -> Void) { self.check = check }

    /// The caller does not care.
    package static var none: ChangeCondition { ChangeCondition { _ in } }

    package func require(_ thing: Thing) throws { try check(thing) }
}
