import Foundation

/// Colours and weights, when somebody looks and does not mind (`NO_COLOR`, no-color.org).
struct Style: Sendable {
    let isOn: Bool

    static let output = Style(isOn: isWanted(StandardOutput.isTerminal))
    static let progress = Style(isOn: isWanted(StandardError.isTerminal))
    static let plain = Style(isOn: false)

    private static func isWanted(_ isTerminal: Bool) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        if environment["FORCE_COLOR"].map({ !$0.isEmpty && $0 != "0" }) == true { return true }
        return isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }
    func cyan(_ text: String) -> String { wrap(text, "36") }

    private func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
