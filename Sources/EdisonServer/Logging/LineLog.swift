import EdisonCore
import Foundation
package import Logging

/// Writes the log: one line an event, for people or as JSON, each complete in one write, without secrets and without
/// anything that could pass for another line.
package struct LineLog: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let format: LogFormat
    private let label: String
    private let write: @Sendable (String) -> Void

    /// - Parameter write: what becomes of a line, which ends with a line feed.
    package init(
        _ label: String, format: LogFormat, level: Logger.Level,
        write: @escaping @Sendable (String) -> Void = Self.toStandardError
    ) {
        self.label = label
        self.format = format
        self.write = write
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var values = metadata
        if let provided = metadataProvider?.get() { values.merge(provided) { $1 } }
        if let own = event.metadata { values.merge(own) { $1 } }
        if let error = event.error { values["error"] = "\(error)" }
        let fields = values.sorted { $0.key < $1.key }.map { name, value in
            (name, Redaction.isSecret(name: name) ? "…" : Redaction.redacted("\(value)"))
        }
        let message = Redaction.redacted("\(event.message)")
        switch format {
        case .json: write(json(event.level, message, fields))
        case .text: write(text(event.level, message, fields))
        }
    }

    private func json(_ level: Logger.Level, _ message: String, _ fields: [(String, String)]) -> String {
        let reserved = ["time", "level", "logger", "message"]
        let own = fields.map { (reserved.contains($0.0) ? "\($0.0)_" : $0.0, Self.value($0.1)) }
        let object = JSONObject(
            [
                ("time", JSONValue.string(Timestamp.now.rfc3339)), ("level", .string(level.rawValue)),
                ("logger", .string(label)), ("message", .string(message)),
            ] + own)
        return JSONValue.object(object).text() + "\n"
    }

    /// Figures are figures, so that they can be reckoned with.
    private static func value(_ text: String) -> JSONValue { Int64(text).map { .integer($0) } ?? .string(text) }

    private func text(_ level: Logger.Level, _ message: String, _ fields: [(String, String)]) -> String {
        let words = fields.map { name, value in
            value.contains(" ") || value.isEmpty ? "\(name)=\"\(value)\"" : "\(name)=\(value)"
        }
        let line = ([Timestamp.now.rfc3339, level.rawValue.uppercased(), message] + words).joined(separator: " ")
        return Self.oneLine(line) + "\n"
    }

    /// Nobody writes a line of their own, or commands for the terminal, into the log.
    private static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        return text.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }.joined()
    }

    package static let toStandardError: @Sendable (String) -> Void = { line in
        // In one piece: others write there too. That nobody can be told is told to nobody.
        _ = line.utf8.withContiguousStorageIfAvailable { Foundation.write(2, $0.baseAddress, $0.count) }
    }
}
