import EdisonCore

/// The schemas that the document knows by name; each name means one thing.
struct SchemaCatalog {
    private(set) var schemas = JSONObject()
    /// Names that two different shapes have.
    private(set) var conflicts: [String] = []

    mutating func add(_ named: NamedSchema) {
        guard let known = schemas[named.name] else {
            schemas[named.name] = .object(named.schema)
            return
        }
        if known != .object(named.schema), !conflicts.contains(named.name) { conflicts.append(named.name) }
    }

    /// In the order of the alphabet, which does not change when a route is moved.
    var sorted: JSONObject {
        JSONObject(schemas.members.sorted { bytewise($0.key, $1.key) }.map { ($0.key, $0.value) })
    }
}
