package import EdisonCore
import HTTPTypes

/// Names one state of a thing, so that a reader need not load what it has, and a writer does not undo what it has not
/// seen: the value of `ETag`, `If-None-Match` and `If-Match`.
package struct EntityTag: Sendable, Hashable {
    /// As the header has it, in quotes.
    package let text: String

    /// - Parameter state: whatever changes with the thing, such as its version's hash.
    package init(_ state: String) { text = "\"\(ContentHash(of: state).text.prefix(32))\"" }

    package init(of json: JSONValue) { text = "\"\(ContentHash(of: json).text.prefix(32))\"" }

    init(stored text: String) { self.text = text }

    /// - Parameter name: tells states apart by itself, and is plain enough for a header.
    package init(named name: String) { text = "\"\(name)\"" }

    /// Whether a header names it; `*` names every state. That a proxy calls it weak changes nothing.
    func isIn(_ header: String) -> Bool {
        header.split(separator: ",").contains { part in
            let one = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            let tag = String(one)
            return tag == "*" || tag == text || tag == "W/\(text)" || "W/\(tag)" == text
        }
    }
}

/// Under an `EdisonError`: what the caller wanted to change has changed meanwhile.
struct StaleState: Error, Sendable {
    let tag: EntityTag
    let current: JSONValue
}

extension APIRequest {
    /// That a thing is as the caller has seen it, for whoever changes it.
    ///
    /// - Parameter part: the part of the tag that counts, where the rest changes by itself; nil = all of it.
    package func seen<Thing>(
        _ shape: Shape<Thing>, _ tag: @escaping @Sendable (Thing) -> String,
        by part: (@Sendable (Thing) -> String)? = nil
    ) -> ChangeCondition<Thing> {
        ChangeCondition { thing in
            if let part, headers[.ifMatch]?.contains(part(thing)) == true { return }
            try requireMatch(EntityTag(named: tag(thing)), current: shape.json(thing))
        }
    }

    /// Refuses a change of a state that the caller has not seen. Without `If-Match` the caller does not care.
    ///
    /// - Throws: `conflict` with the current state.
    package func requireMatch(_ tag: EntityTag, current: @autoclosure () -> JSONValue) throws {
        guard let known = headers[.ifMatch], !tag.isIn(known) else { return }
        throw EdisonError(
            .conflict, "It has been changed meanwhile.",
            detail: "Look at the current state, and send the change again with its ETag.",
            underlying: StaleState(tag: tag, current: current()))
    }
}
