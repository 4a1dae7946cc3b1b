/// Why a template is refused when it is saved.
package struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        case unclosedTag = "unclosed_tag"
        case unclosedSection = "unclosed_section"
        case mismatchedSection = "mismatched_section"
        case unopenedSection = "unopened_section"
        case emptyTag = "empty_tag"
        case invalidTag = "invalid_tag"
        case invalidDelimiters = "invalid_delimiters"
    }

    package let kind: Kind
    /// From 1.
    package let line: Int
    /// The name in the tag, where there is one.
    package let tag: String?

    package var description: String {
        let name = tag.map { " \"\($0)\"" } ?? ""
        let words =
            switch kind {
            case .unclosedTag: "a tag is opened with {{ and never closed with }}"
            case .unclosedSection: "the section\(name) is never closed"
            case .mismatchedSection: "the tag\(name) closes another section than the one that is open"
            case .unopenedSection: "the tag\(name) closes a section that is not open"
            case .emptyTag: "a tag has no name"
            case .invalidTag: "a name cannot contain braces"
            case .invalidDelimiters: "new delimiters are two words without \"=\""
            }
        return "line \(line): \(words)"
    }
}

/// Why a template gives no text for these data.
package enum RenderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Every name that was looked up and not found, in reading order, each once.
    case missingVariables([String])
    case missingPartials([String])
    /// Partials that call each other deeper than 64 levels.
    case partialDepth
    /// A partial that is no template.
    case partial(String, TemplateError)

    package var description: String {
        switch self {
        case .missingVariables(let names): "unknown variables: \(names.joined(separator: ", "))"
        case .missingPartials(let names): "unknown partials: \(names.joined(separator: ", "))"
        case .partialDepth: "partials call each other deeper than 64 levels"
        case .partial(let name, let error): "the partial \"\(name)\": \(error)"
        }
    }
}
