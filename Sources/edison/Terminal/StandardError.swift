import Foundation

/// Progress and messages go to standard error, so that standard output stays the program's result.
enum StandardError {
    static let isTerminal = isatty(2) == 1

    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    static func line(_ text: String = "") { write(text + "\n") }
}

enum StandardOutput {
    static let isTerminal = isatty(1) == 1

    static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    static func line(_ text: String = "") { write(text + "\n") }
}

/// Ends the process. What was written is flushed, what runs in the background is not waited for.
func leave(_ status: Int32) -> Never {
    fflush(nil)
    exit(status)
}
