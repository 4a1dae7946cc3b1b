/// The one error that crosses boundaries: a closed code, words for people, and what lies underneath for the log.
package struct EdisonError: Error, Sendable {
    /// What kind of failure it is; every outlet (HTTP status, exit code, page) maps from this.
    package enum Code: String, Sendable, CaseIterable {
        case invalid, unauthenticated, forbidden, notFound, conflict, gone, tooLarge, limited
        case budgetExceeded, upstream, unavailable, `internal`
    }

    package var code: Code
    /// One sentence for people: what is wrong.
    package var message: String
    /// What to do about it, where that is known.
    package var detail: String?
    package var issues: [FieldIssue]
    /// The cause: logged, never shown or sent.
    package var underlying: (any Error)?

    package init(
        _ code: Code, _ message: String, detail: String? = nil, issues: [FieldIssue] = [],
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.detail = detail
        self.issues = issues
        self.underlying = underlying
    }
}

extension EdisonError: CustomStringConvertible {
    package var description: String {
        let lines = [message, detail].compactMap(\.self) + issues.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }
}

/// A fault of one field of an input, by its path: `rubric[1].weight`.
package struct FieldIssue: Hashable, Sendable, CustomStringConvertible {
    package let path: String
    package let message: String
    /// Where the field stands in a file, from 1, when the input is one.
    package var line: Int?
    package var column: Int?

    package init(path: String, message: String, line: Int? = nil, column: Int? = nil) {
        self.path = path
        self.message = message
        self.line = line
        self.column = column
    }

    package var description: String {
        let place = line.map { "\($0):\(column ?? 1): " } ?? ""
        return "\(place)\(path.isEmpty ? "" : "\(path): ")\(message)"
    }
}
