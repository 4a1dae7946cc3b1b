/// Says why a version that was tested before a run went on is the one that the run shows.
enum ProofWords {
    /// - Parameter found: what the later test came to.
    static func later(_ number: Int, found: HoldoutResult) -> String {
        guard found.verdict == .insufficientData else {
            return "tested before; version \(number), tested last, was not shown to be better"
        }
        return "tested before; version \(number) could not be tested" + (found.reason.map { ": \($0)" } ?? "")
    }

    static func untested(_ number: Int, _ limit: StopReason) -> String {
        "tested before; \(limit.limitNoun ?? "a limit") was reached before version \(number) could be tested"
    }

    static let interrupted = "tested before; the run was stopped before a later version could be tested"

    static func failing(_ words: String) -> String {
        "tested before; what came after could not be tested: \(words)"
    }
}
