import EdisonCore
import EdisonExperiments
import Foundation

/// Where settings are written down: a file, the environment, and the options of the command. What stands later in this
/// list stands above what stands before; all faults are told at once.
package struct SettingSources: Sendable {
    package var file: String?
    package var environment: [String: String] = [:]
    /// By key.
    package var options: [String: String] = [:]

    package init() {}

    package func settings() throws -> ServerSettings {
        var settings = ServerSettings()
        var issues: [FieldIssue] = []
        if let file { issues += try apply(file, to: &settings) }
        for setting in Setting.all {
            do {
                guard let (name, text) = try variable(of: setting) else { continue }
                issues += Self.apply(setting, SettingText(text), to: &settings, path: name)
            } catch let fault as SettingText.Fault {
                issues.append(FieldIssue(path: setting.variable + "_FILE", message: fault.words))
            }
        }
        for setting in Setting.all {
            guard let text = options[setting.key] else { continue }
            issues += Self.apply(setting, SettingText(text), to: &settings, path: setting.option)
        }
        guard issues.isEmpty else {
            let isOfFile = issues.contains { $0.line != nil }
            throw EdisonError(
                .invalid,
                isOfFile
                    ? "\(file ?? "The file of settings") cannot be used as it is:"
                    : "The settings cannot be used as they are:",
                issues: issues)
        }
        return settings
    }

    private static func apply(
        _ setting: Setting, _ text: SettingText, to settings: inout ServerSettings, path: String,
        at node: FileNode? = nil
    ) -> [FieldIssue] {
        do {
            try setting.apply(&settings, text)
            return []
        } catch {
            let words = (error as? SettingText.Fault)?.words ?? "\(error)"
            return [FieldIssue(path: path, message: words, line: node?.line, column: node?.column)]
        }
    }

    /// A variable that is set and empty counts as not set. A database's address holds a password, which may come in a
    /// file of its own.
    private func variable(of setting: Setting) throws -> (name: String, text: String)? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let text = value(setting.variable) { return (setting.variable, text) }
        guard setting.key == "database", let path = value(setting.variable + "_FILE") else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SettingText.Fault(words: "\(path) cannot be read")
        }
        return (
            setting.variable + "_FILE",
            String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        )
    }

    private func apply(_ file: String, to settings: inout ServerSettings) throws -> [FieldIssue] {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw EdisonError(.notFound, "Cannot read the settings in \(file).", detail: "Name a file with --config.")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw EdisonError(.invalid, "\(file) is not UTF-8 text.")
        }
        let faults = FaultList()
        guard let root = try FileNode.root(of: text, name: file, faults: faults) else { return [] }
        let map = FileMapping(root, known: Setting.all.map(\.key))
        var issues: [FieldIssue] = []
        for setting in Setting.all {
            guard let node = map[setting.key] else { continue }
            let parts =
                node.isSequence ? node.elements().compactMap { $0.string() } : [node.string()].compactMap(\.self)
            if parts.isEmpty && !node.isSequence { continue }
            issues += Self.apply(setting, SettingText(parts: parts), to: &settings, path: setting.key, at: node)
        }
        return (faults.issues + issues).sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
    }
}
