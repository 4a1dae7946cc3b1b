import Testing

/// A place that breaks a rule, and what to do about it.
struct Violation: Hashable, Sendable, CustomStringConvertible {
    let path: String
    let line: Int
    let advice: String

    var description: String { "\(path):\(line): \(advice)" }

    init(_ path: String, _ line: Int, _ advice: String) {
        self.path = path
        self.line = line
        self.advice = advice
    }

    init(_ source: SwiftSource, _ line: Int, _ advice: String) { self.init(source.path, line, advice) }
}

/// Records every violation as an issue of its own, so that one run tells all there is to mend.
func expectNone(_ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation) {
    for violation in violations {
        Issue.record(Comment(rawValue: violation.description), sourceLocation: sourceLocation)
    }
}
