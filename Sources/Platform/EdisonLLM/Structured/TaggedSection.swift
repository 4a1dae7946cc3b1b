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
        "analysis", "draft", "critique",
    ]

    package static func text(of sections: [TaggedSection]) -> String {
        sections.map { "<\($0.tag)>\n\(escaped($0.content))\n</\($0.tag)>" }.joined(separator: "\n\n")
    }

    /// `</output>` becomes `&lt;/output>`; `</outputs>` and every other tag stay.
    package static func escaped(_ content: String) -> String { replacing("</", with: "&lt;/", in: content) }

    /// Undoes `escaped`, for what a model quotes from a section. What was `&lt;/output` to begin with comes back as
    /// `</output`: whoever searches with the result tries the unchanged text first.
    package static func unescaped(_ content: String) -> String { replacing("&lt;/", with: "</", in: content) }

    private static let names = Set(tags.map { Array($0.utf8) })

    /// Replaces `opening` where the name of a tag of the contract follows it.
    private static func replacing(_ opening: String, with other: String, in content: String) -> String {
        guard content.contains(opening) else { return content }
        let bytes = Array(content.utf8)
        let opening = Array(opening.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 64)
        var index = 0
        while index < bytes.count {
            if bytes[index] == opening[0], bytes[index...].starts(with: opening) {
                index += opening.count
                let name = bytes[index...].prefix(while: isNameByte)
                result += names.contains(Array(name)) ? Array(other.utf8) : opening
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...0xFF:
            true
        default: false
        }
    }
}
