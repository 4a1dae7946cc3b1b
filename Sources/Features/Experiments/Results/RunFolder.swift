import EdisonCore
package import Foundation

/// The files that a person takes away from a run: the best prompt, the diffs, the report.
package struct RunFolder: Sendable {
    private let result: RunResult

    package init(_ result: RunResult) { self.result = result }

    /// Fails before a run when the folder could not be written at its end.
    package static func requireWritable(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let probe = folder.appendingPathComponent(".edison-\(UUID().uuidString)")
            try Data().write(to: probe)
            try FileManager.default.removeItem(at: probe)
        } catch {
            throw EdisonError(
                .invalid, "Cannot write to \(folder.path).", detail: SystemWords.of(error), underlying: error)
        }
    }

    package func write(to folder: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent("diffs"), withIntermediateDirectories: true)
            if let best = result.best {
                try put(best["text"]?.string ?? "", folder, "best-prompt.txt")
                if let system = best["system_text"]?.string { try put(system, folder, "best-system.txt") }
            }
            for version in result.json["versions"]?.array ?? [] {
                guard let number = version["number"]?.int, let diff = version["diff"]?.string, !diff.isEmpty else {
                    continue
                }
                let status = version["status"]?.string ?? ""
                try put(diff, folder, String(format: "diffs/version-%03d-%@.diff", number, status))
            }
            try put(result.text, folder, "result.json")
            try put(try HTMLReport(result).text(), folder, "report.html")
        } catch let error as EdisonError {
            throw error
        } catch {
            throw EdisonError(
                .unavailable, "Cannot write to \(folder.path).", detail: SystemWords.of(error), underlying: error)
        }
    }

    private func put(_ text: String, _ folder: URL, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
    }
}
