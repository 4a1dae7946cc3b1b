import EdisonCore

/// One part of a structured request: data inside a tag of the contract.
package struct TaggedSection: Sendable, Hashable {
    package let tag: String
    package let content: String

    package init(_ tag: String, _ content: String) {
        self.tag = tag
        self.content = content
    }

    /// Every tag of the contract. Only what would close one of them is escaped, so that prompts and outputs reach
    /// the model as they are.
    package static let tags = [
        "goal", "rubric", "prompt", "case_input", "expected", "output", "output_1", "output_2", "system_prompt",
        "weak_criteria", "failures", "successes", "suggestions", "human_notes", "history", "scores", "edit", "field",
        "context", "current", "instruction", "domain", "examples", "coverage", "avoid", "text",
    ]

    package static func text(of sections: [TaggedSection]) -> String {
        sections.map { "<\($0.tag)>\n\(escaped($0.content))\n</\($0.tag)>" }.joined(separator: "\n\n")
    }

    package static func escaped(_ content: String) -> String {
        guard content.contains("</") else { return content }
        return tags.reduce(content) { text, tag in
            text.contains("</\(tag)") ? text.replacing("</\(tag)", with: "&lt;/\(tag)") : text
        }
    }

    package static func unescaped(_ content: String) -> String {
        guard content.contains("&lt;/") else { return content }
        return tags.reduce(content) { text, tag in text.replacing("&lt;/\(tag)", with: "</\(tag)") }
    }
}
