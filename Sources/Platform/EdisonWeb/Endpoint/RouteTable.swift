package import HTTPTypes

/// Finds the endpoint of a path: literal names stand above parameters, whatever the order in which they were declared.
package struct RouteTable: Sendable {
    private struct Node: Sendable {
        var literals: [String: Node] = [:]
        var parameter: [Node] = []
        var endpoints: [HTTPRequest.Method: Endpoint] = [:]
    }

    package enum Found: Sendable {
        case endpoint(Endpoint, [String: String])
        /// The path exists with other methods.
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    private var root = Node()
    package private(set) var endpoints: [Endpoint] = []

    package init(_ endpoints: [Endpoint] = [], aliases: [PathAlias] = []) {
        for endpoint in endpoints {
            self.endpoints.append(endpoint)
            Self.insert(endpoint, at: endpoint.path.segments[...], into: &root)
        }
        for alias in aliases {
            for endpoint in endpoints where endpoint.path == alias.canonical && alias.methods.contains(endpoint.method)
            {
                Self.insert(endpoint, at: alias.path.segments[...], into: &root)
            }
        }
    }

    private static func insert(
        _ endpoint: Endpoint, at segments: ArraySlice<PathTemplate.Segment>, into node: inout Node
    ) {
        guard let first = segments.first else {
            node.endpoints[endpoint.method] = endpoint
            return
        }
        switch first {
        case .literal(let name): insert(endpoint, at: segments.dropFirst(), into: &node.literals[name, default: Node()])
        case .parameter:
            if node.parameter.isEmpty { node.parameter = [Node()] }
            insert(endpoint, at: segments.dropFirst(), into: &node.parameter[0])
        }
    }

    /// - Parameter segments: the path's parts, with percent-escapes undone.
    package func find(_ method: HTTPRequest.Method, _ segments: [String]) -> Found {
        guard let (node, values) = Self.walk(root, segments[...]) else { return .nothing }
        let asked = method == .head ? HTTPRequest.Method.get : method
        guard let endpoint = node.endpoints[asked] else {
            return .otherMethods(node.endpoints.keys.sorted { $0.rawValue < $1.rawValue })
        }
        return .endpoint(endpoint, Dictionary(zip(endpoint.path.parameters, values), uniquingKeysWith: { $1 }))
    }

    private static func walk(_ node: Node, _ segments: ArraySlice<String>) -> (Node, [String])? {
        guard let first = segments.first else { return node.endpoints.isEmpty ? nil : (node, []) }
        if let next = node.literals[first], let found = walk(next, segments.dropFirst()) { return found }
        guard let next = node.parameter.first, let (found, values) = walk(next, segments.dropFirst()) else {
            return nil
        }
        return (found, [first] + values)
    }
}

/// Another spelling of a path that an earlier description of the product names; it has the same parameters in the same
/// order.
package struct PathAlias: Sendable {
    package let path: PathTemplate
    package let canonical: PathTemplate
    package let methods: Set<HTTPRequest.Method>

    package init(_ path: PathTemplate, of canonical: PathTemplate, _ methods: Set<HTTPRequest.Method>) {
        self.path = path
        self.canonical = canonical
        self.methods = methods
    }
}
