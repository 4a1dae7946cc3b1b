import Foundation

/// Lines that a person types. Unlike `readLine`, waiting for one ends when the run is interrupted.
enum TerminalInput {
    /// nil at the end of the input; throws `CancellationError` when nobody waits for the answer any more.
    static func line() throws -> String? {
        var bytes: [UInt8] = []
        while true {
            try waitForInput()
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
    }

    private static func waitForInput() throws {
        while true {
            try Task.checkCancellation()
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if poll(&input, 1, 100) > 0 { return }
        }
    }
}
