import EdisonCore
import HTTPTypes

/// An address that speaks WebSocket, declared like a route: who may use it, and what is said there.
package struct SocketEndpoint: Sendable {
    package let path: PathTemplate
    package let summary: String
    package let access: AccessRule
    let handle: @Sendable (APIRequest, WebSocket) async throws -> Void

    package init(
        _ path: PathTemplate, _ summary: String, _ access: AccessRule,
        _ handle: @escaping @Sendable (APIRequest, WebSocket) async throws -> Void
    ) {
        self.path = path
        self.summary = summary
        self.access = access
        self.handle = handle
    }
}

/// Finds the WebSocket of a path.
package struct SocketTable: Sendable {
    package let endpoints: [SocketEndpoint]

    package init(_ endpoints: [SocketEndpoint] = []) { self.endpoints = endpoints }

    func find(_ segments: [String]) -> (SocketEndpoint, [String: String])? {
        for endpoint in endpoints {
            if let values = endpoint.path.match(segments) { return (endpoint, values) }
        }
        return nil
    }
}

extension PathTemplate {
    fileprivate func match(_ parts: [String]) -> [String: String]? {
        guard parts.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, part) in zip(segments, parts) {
            switch segment {
            case .literal(let text): if text != part { return nil }
            case .parameter(let name): values[name] = part
            }
        }
        return values
    }
}
