/// A page of a list, with the place where the next one begins.
package struct Listing<Item: Sendable>: Sendable {
    package let items: [Item]
    package let next: Cursor?

    /// - Parameter found: one more than fits, if there is one: then there is a next page.
    package init(_ found: [Item], _ page: PageRequest, cursor: (Item) -> Cursor) {
        items = Array(found.prefix(page.limit))
        next = found.count > page.limit ? items.last.map(cursor) : nil
    }

    package init(items: [Item], next: Cursor? = nil) {
        self.items = items
        self.next = next
    }

    package func map<Other>(_ transform: (Item) throws -> Other) rethrows -> Listing<Other> {
        Listing<Other>(items: try items.map(transform), next: next)
    }
}

/// Where a page of a list ends: the key of its last row. Ids sort by the time they were made, so that a page stays what
/// it is while rows are added.
package struct Cursor: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }
}

/// Which page of a list is asked for.
package struct PageRequest: Hashable, Sendable {
    package static let standardLimit = 50
    package static let maximumLimit = 500

    package let limit: Int
    package let after: Cursor?

    package init(limit: Int = standardLimit, after: Cursor? = nil) {
        self.limit = limit
        self.after = after
    }
}
