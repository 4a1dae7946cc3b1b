package import EdisonCore

/// A message for an incoming webhook of Slack: blocks, and the same as text for notifications.
/// Limits: <https://docs.slack.dev/reference/block-kit/blocks>.
package struct SlackMessage: Sendable {
    let title: String
    let sentence: String
    let facts: [(name: String, value: String)]

    package init(_ notification: Notification) {
        self.init(title: notification.title, sentence: notification.sentence, facts: notification.facts)
    }

    package init(title: String, sentence: String, facts: [(name: String, value: String)] = []) {
        self.title = title
        self.sentence = sentence
        self.facts = facts
    }

    package var json: JSONValue {
        var blocks: [JSONValue] = [
            ["type": "header", "text": ["type": "plain_text", "text": .string(Self.cut(title, 150))]],
            ["type": "section", "text": Self.markdown(Self.escaped(sentence), 3_000)],
        ]
        if !facts.isEmpty {
            let fields = facts.prefix(10).map { fact in
                Self.markdown("*\(Self.escaped(fact.name))*\n\(Self.escaped(fact.value))", 2_000)
            }
            blocks.append(["type": "section", "fields": .array(fields)])
        }
        return [
            "text": .string(Self.cut(Self.escaped("\(title): \(sentence)"), 3_000)), "blocks": .array(blocks),
            "unfurl_links": false,
        ]
    }

    private static func markdown(_ text: String, _ most: Int) -> JSONValue {
        ["type": "mrkdwn", "text": .string(cut(text, most))]
    }

    /// What stands in names must not become a link or ring everybody of a channel.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Never inside an escape.
    static func cut(_ text: String, _ most: Int) -> String {
        guard text.count > most else { return text }
        var kept = text.prefix(most - 1)
        if let escape = kept.suffix(5).lastIndex(of: "&"), !kept[escape...].contains(";") { kept = kept[..<escape] }
        return kept + "…"
    }
}
