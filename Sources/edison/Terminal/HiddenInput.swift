import EdisonCore
import Foundation

/// A line that a person types unseen; without a terminal it is read as it comes.
enum HiddenInput {
    static func line(_ question: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try read() }
        StandardError.write(question)
        var shown = termios()
        tcgetattr(STDIN_FILENO, &shown)
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &hidden)
        defer {
            tcsetattr(STDIN_FILENO, TCSANOW, &shown)
            StandardError.write("\n")
        }
        return try read()
    }

    private static func read() throws -> String {
        guard let line = try TerminalInput.line(), !line.isEmpty else {
            throw EdisonError(.invalid, "Nothing was entered.")
        }
        return line.hasSuffix("\r") ? String(line.dropLast()) : line
    }
}
