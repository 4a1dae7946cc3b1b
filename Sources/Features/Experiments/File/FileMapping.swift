import EdisonCore

/// Reads a mapping key by key and reports what nobody asked for, with the nearest known key as a suggestion.
package struct FileMapping {
    let node: FileNode
    private let members: [(key: String, value: FileNode)]

    package init(_ node: FileNode, known: [String]) {
        self.node = node
        members = node.members()
        for (key, value) in members where !known.contains(key) {
            let near = known.map { ($0, editDistance($0, key)) }.min { $0.1 < $1.1 }
            let hint =
                near.flatMap { $0.1 <= max(2, key.count / 3) ? "; did you mean \"\($0.0)\"?" : nil }
                ?? "; known here: \(known.joined(separator: ", "))"
            value.keyFault("unknown key \"\(key)\"\(hint)")
        }
    }

    package subscript(key: String) -> FileNode? {
        guard let value = members.first(where: { $0.key == key })?.value, !value.isNull else { return nil }
        return value
    }

    func require(_ key: String, _ hint: String) -> FileNode? {
        if let value = self[key] { return value }
        node.fault("needs \"\(key)\": \(hint)")
        return nil
    }

    func string(_ key: String) -> String? { self[key]?.string() }
    func double(_ key: String) -> Double? { self[key]?.double() }
    func int(_ key: String) -> Int? { self[key]?.int() }
    func bool(_ key: String) -> Bool? { self[key]?.bool() }
    func list(_ key: String) -> [FileNode] { self[key]?.elements() ?? [] }

    /// A word out of a closed list.
    func choice<Value: RawRepresentable & CaseIterable>(_ key: String, _: Value.Type = Value.self) -> Value?
    where Value.RawValue == String {
        guard let node = self[key], let word = node.string() else { return nil }
        let known = Value.allCases.map(\.rawValue)
        if let value = Value(rawValue: word) ?? Value(rawValue: word.lowercased()) { return value }
        node.fault("\"\(word)\" is not one of \(known.joined(separator: ", "))")
        return nil
    }

    /// A number inside a range.
    func double(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = double(key) else { return nil }
        if range.contains(value) { return value }
        self[key]?.fault("must lie between \(range.lowerBound) and \(range.upperBound)")
        return nil
    }

    func int(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = int(key) else { return nil }
        if range.contains(value) { return value }
        self[key]?.fault("must lie between \(range.lowerBound) and \(range.upperBound)")
        return nil
    }
}

/// Levenshtein's distance: how many characters differ between two short words.
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.lowercased())
    let right = Array(right.lowercased())
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (a == b ? 0 : 1))
            diagonal = row[j + 1]
            row[j + 1] = next
        }
    }
    return row[right.count]
}
