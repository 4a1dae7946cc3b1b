import EdisonCore

/// One thing that whoever runs the server decides: its key in the file of settings, its variable, its option, and what
/// it does. `Setting.all` is the one list of them, from which the reference is made.
package struct Setting: Sendable {
    package let key: String
    /// What may stand there, for the reference: `number`, `true or false`, `open, invited or closed`.
    package let kind: String
    /// What holds without it, as the reference says it; empty = nothing.
    package let fallback: String
    package let sentence: String
    /// Options are seen by everybody who lists the processes of the machine.
    package let hasOption: Bool
    let apply: @Sendable (inout ServerSettings, SettingText) throws -> Void

    package var variable: String { "EDISON_" + key.uppercased() }
    package var option: String { "--" + key.replacing("_", with: "-") }

    init(
        _ key: String, _ kind: String, fallback: String = "", hasOption: Bool = true, _ sentence: String,
        apply: @escaping @Sendable (inout ServerSettings, SettingText) throws -> Void
    ) {
        self.key = key
        self.kind = kind
        self.fallback = fallback
        self.sentence = sentence
        self.hasOption = hasOption
        self.apply = apply
    }

    package static func named(_ key: String) -> Setting? { all.first { $0.key == key } }
}

/// What was written for a setting, wherever that was, and its reading as what the setting needs.
package struct SettingText: Sendable, Hashable {
    /// Several in a list of the file; else one.
    package let parts: [String]

    package init(_ text: String) { parts = [text] }
    package init(parts: [String]) { self.parts = parts }

    /// What is wrong with it, for people.
    struct Fault: Error, Hashable {
        let words: String
    }

    func text() throws -> String {
        guard parts.count == 1, !parts[0].isEmpty else { throw Fault(words: "must be one text") }
        return parts[0]
    }

    func number(in range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(try text()), range.contains(number) else {
            throw Fault(words: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func truth() throws -> Bool {
        switch try text().lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw Fault(words: "must be true or false")
        }
    }

    func choice<Value: RawRepresentable & CaseIterable>(_: Value.Type = Value.self) throws -> Value
    where Value.RawValue == String {
        if let value = Value(rawValue: try text()) { return value }
        throw Fault(words: "must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
    }

    /// In one text, parts stand between commas.
    func list() -> [String] {
        let found = parts.count == 1 ? parts[0].split(separator: ",").map(String.init) : parts
        return found.map { $0.trimming() }.filter { !$0.isEmpty }
    }

    /// `https://host`, and a path where one is allowed, in the form in which browsers send it.
    static func address(_ text: String, withPath: Bool) throws -> String {
        let isAddress =
            withPath
            ? text.wholeMatch(of: /https?:\/\/[^\s\/?#@]+(?:\/[^\s?#]*)?/) != nil
            : text.wholeMatch(of: /https?:\/\/[^\s\/?#@]+\/?/) != nil
        guard isAddress else {
            throw Fault(words: "\"\(text)\" is no address such as https://edison.example.org")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}

extension String {
    fileprivate func trimming() -> String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
