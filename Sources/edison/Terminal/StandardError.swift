import EdisonCore
import Foundation

/// Progress and messages go to standard error, so that standard output stays the program's result.
enum StandardError {
    static let isTerminal = isatty(2) == 1

    /// Nobody can be told that nobody can be told: failures are left alone.
    static func write(_ text: String) { try? Descriptor.write(text, to: STDERR_FILENO) }

    static func line(_ text: String = "") { write(TerminalText.safe(text) + "\n") }
}

/// The program's result.
enum StandardOutput {
    static let isTerminal = isatty(1) == 1

    /// For words: a reader that has gone away (`| head`), or a full disk, ends no run that is being paid for.
    static func write(_ text: String) { try? Descriptor.write(text, to: STDOUT_FILENO) }

    static func line(_ text: String = "") { write(TerminalText.safe(text) + "\n") }

    /// For data: says when they could not be written. A reader that has gone away has seen what it wanted.
    static func put(_ text: String) throws {
        do { try Descriptor.write(text, to: STDOUT_FILENO) } catch let error as POSIXError where error.code != .EPIPE {
            throw EdisonError(
                .unavailable, "Cannot write to standard output.", detail: SystemWords.of(error), underlying: error)
        } catch {}
    }
}

/// Writing as the system offers it: `FileHandle` ends the program where there is no reader.
private enum Descriptor {
    static func write(_ text: String, to descriptor: Int32) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
            }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// Ends the process. What was written is flushed, what runs in the background is not waited for.
func leave(_ status: Int32) -> Never {
    fflush(nil)
    exit(status)
}
