/// An ordered map from text keys to JSON values; a key appears once, and setting it again keeps its place.
///
/// Keys are compared by their UTF-8 bytes, as JSON peers compare them, not by Swift's canonical equivalence.
package struct JSONObject: Sendable {
    private struct ByteKey: Hashable, Sendable {
        let bytes: [UInt8]
        init(_ text: String) { bytes = Array(text.utf8) }
    }

    package typealias Element = (key: String, value: JSONValue)

    package private(set) var members: [Element] = []
    private var positions: [ByteKey: Int]?

    package init() {}

    package init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }
    package var keys: [String] { members.map(\.key) }

    package subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil):
                members.remove(at: place)
                positions = nil
                indexIfLarge()
            case (nil, let value?):
                members.append((key, value))
                positions?[ByteKey(key)] = members.count - 1
                indexIfLarge()
            case (nil, nil): break
            }
        }
    }

    private func position(of key: String) -> Int? {
        if let positions { return positions[ByteKey(key)] }
        return members.firstIndex { isBytewiseEqual($0.key, key) }
    }

    /// Small objects are searched in order, which is faster than hashing; large ones get an index.
    private mutating func indexIfLarge() {
        guard positions == nil, members.count > 16 else { return }
        positions = Dictionary(uniqueKeysWithValues: members.enumerated().map { (ByteKey($1.key), $0) })
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> [Element].Iterator { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (key, value) in elements { self[key] = value }
    }
}

extension JSONObject: Hashable {
    /// Order does not matter for equality: two peers may write the same object differently.
    package static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        var combined = 0
        for (key, value) in members {
            var member = Hasher()
            member.combine(ByteKey(key))
            member.combine(value)
            combined ^= member.finalize()
        }
        hasher.combine(combined)
    }
}
