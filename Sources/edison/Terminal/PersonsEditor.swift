import EdisonCore
import Foundation

/// Opens a text in the person's own editor (`$VISUAL`, `$EDITOR`, else vi).
enum PersonsEditor {
    /// nil when it was left as it is.
    static func edited(_ text: String, ending: String) throws -> String? {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "edison-\(UUID().uuidString).\(ending)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        try open(file)
        guard var written = String(validating: try Data(contentsOf: file), as: UTF8.self) else {
            throw EdisonError(.invalid, "The edited text is not UTF-8.")
        }
        // Editors end a file with a line break that the text may not have.
        if written.hasSuffix("\n"), !text.hasSuffix("\n") { written.removeLast() }
        return written == text ? nil : written
    }

    private static func open(_ file: URL) throws {
        let environment = ProcessInfo.processInfo.environment
        let editor = [environment["VISUAL"], environment["EDITOR"]].compactMap(\.self).first { !$0.isEmpty } ?? "vi"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\(editor) \"$1\"", "edison", file.path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw EdisonError(.invalid, "The editor \"\(editor)\" ended with status \(process.terminationStatus).")
        }
    }
}
