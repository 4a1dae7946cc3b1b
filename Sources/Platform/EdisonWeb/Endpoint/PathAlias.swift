package import HTTPTypes

/// Another spelling of a path that an earlier description of the product names; it has the same parameters in the same
/// order.
package struct PathAlias: Sendable {
    package let path: PathTemplate
    package let canonical: PathTemplate
    package let methods: Set<HTTPRequest.Method>
    /// Whether pages may stand at the same address: then only programs get this one.
    package let isBare: Bool

    package init(
        _ path: PathTemplate, of canonical: PathTemplate, _ methods: Set<HTTPRequest.Method>, isBare: Bool = false
    ) {
        self.path = path
        self.canonical = canonical
        self.methods = methods
        self.isBare = isBare
    }
}

/// Another beginning of many paths: a rule in the place of a row for each of them.
package struct PrefixAlias: Sendable {
    package let prefix: [String]
    package let canonical: [String]

    /// - Parameters:
    ///   - prefix: such as `/api`.
    ///   - canonical: such as `/api/v1`; paths that begin so already stay.
    package init(_ prefix: String, of canonical: String) {
        self.prefix = prefix.split(separator: "/").map(String.init)
        self.canonical = canonical.split(separator: "/").map(String.init)
    }

    /// nil: the path does not begin so.
    func canonical(_ segments: [String]) -> [String]? {
        guard segments.starts(with: prefix), !segments.starts(with: canonical) else { return nil }
        return canonical + segments.dropFirst(prefix.count)
    }
}
