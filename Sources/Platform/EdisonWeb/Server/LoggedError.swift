import EdisonCore

/// An error as the log has it: with its causes, which no answer shows.
struct LoggedError: CustomStringConvertible {
    let error: any Error

    init(_ error: any Error) { self.error = error }

    var description: String {
        guard let known = error as? EdisonError else { return "\(error)" }
        let cause = known.underlying.map { ": \(LoggedError($0))" } ?? ""
        return "\(known.code.rawValue) \(known.message)\(cause)"
    }
}
