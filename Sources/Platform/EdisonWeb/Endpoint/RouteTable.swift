package import HTTPTypes

/// Finds the endpoint of a path: literal names stand above parameters, whatever the order in which they were declared.
package struct RouteTable: Sendable {
    private struct Node: Sendable {
        var literals: [String: Node] = [:]
        var parameter: [Node] = []
        var endpoints: [HTTPRequest.Method: Endpoint] = [:]
        /// What programs get at an address that pages share.
        var bare: [HTTPRequest.Method: Endpoint] = [:]
    }

    package enum Found: Sendable {
        case endpoint(Endpoint, [String: String])
        /// The path exists with other methods.
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    private var root = Node()
    private let prefixes: [PrefixAlias]
    package private(set) var endpoints: [Endpoint] = []

    package init(_ endpoints: [Endpoint] = [], aliases: [PathAlias] = [], prefixes: [PrefixAlias] = []) {
        self.prefixes = prefixes
        for endpoint in endpoints {
            self.endpoints.append(endpoint)
            Self.insert(endpoint, at: endpoint.path.segments[...], into: &root, isBare: false)
        }
        for alias in aliases {
            for endpoint in endpoints where endpoint.path == alias.canonical && alias.methods.contains(endpoint.method)
            {
                Self.insert(endpoint, at: alias.path.segments[...], into: &root, isBare: alias.isBare)
            }
        }
    }

    private static func insert(
        _ endpoint: Endpoint, at segments: ArraySlice<PathTemplate.Segment>, into node: inout Node, isBare: Bool
    ) {
        guard let first = segments.first else {
            if isBare { node.bare[endpoint.method] = endpoint } else { node.endpoints[endpoint.method] = endpoint }
            return
        }
        switch first {
        case .literal(let name):
            insert(endpoint, at: segments.dropFirst(), into: &node.literals[name, default: Node()], isBare: isBare)
        case .parameter:
            if node.parameter.isEmpty { node.parameter = [Node()] }
            insert(endpoint, at: segments.dropFirst(), into: &node.parameter[0], isBare: isBare)
        }
    }

    /// - Parameters:
    ///   - segments: the path's parts, with percent-escapes undone.
    ///   - asksForJSON: whether a program asks, and no browser for a page.
    package func find(_ method: HTTPRequest.Method, _ segments: [String], asksForJSON: Bool = true) -> Found {
        let segments = prefixes.lazy.compactMap { $0.canonical(segments) }.first ?? segments
        guard let (node, values) = Self.walk(root, segments[...]) else { return .nothing }
        let here = asksForJSON ? node.endpoints.merging(node.bare) { $1 } : node.endpoints
        if here.isEmpty { return .nothing }
        let asked = method == .head ? HTTPRequest.Method.get : method
        guard let endpoint = here[asked] else {
            let methods = Set(here.keys).union(here[.get] == nil ? [] : [.head])
            return .otherMethods(methods.sorted { $0.rawValue < $1.rawValue })
        }
        return .endpoint(endpoint, Dictionary(zip(endpoint.path.parameters, values), uniquingKeysWith: { $1 }))
    }

    private static func walk(_ node: Node, _ segments: ArraySlice<String>) -> (Node, [String])? {
        guard let first = segments.first else { return node.endpoints.isEmpty && node.bare.isEmpty ? nil : (node, []) }
        if let next = node.literals[first], let found = walk(next, segments.dropFirst()) { return found }
        guard let next = node.parameter.first, let (found, values) = walk(next, segments.dropFirst()) else {
            return nil
        }
        return (found, [first] + values)
    }
}
