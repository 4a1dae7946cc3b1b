import NIOHTTP1

/// Response headers by name in any case; of repeated ones the first.
package struct HTTPHeaderFields: Sendable {
    private var fields: [String: String] = [:]

    init(_ headers: HTTPHeaders) {
        for (name, value) in headers where fields[name.lowercased()] == nil { fields[name.lowercased()] = value }
    }

    package init(_ fields: [String: String]) {
        for (name, value) in fields { self.fields[name.lowercased()] = value }
    }

    /// What the provider calls the request in its own log.
    var requestID: String? {
        ["x-request-id", "request-id", "x-amzn-requestid", "apim-request-id"].compactMap { self[$0] }.first
    }

    package subscript(name: String) -> String? { fields[name.lowercased()] }
}
