package import EdisonCore

/// A prompt template: Mustache without HTML escaping, parsed once and rendered in a single pass.
///
/// A value is inserted as it is and never read as template text again (requirement Z32), and a name that the data
/// lack is an error rather than an empty place. Names are compared by their UTF-8 bytes.
package struct Template: Sendable {
    let nodes: [TemplateNode]
    /// Every tag in reading order: the source of a prompt's list of variables.
    package let tags: [Tag]

    package struct Tag: Hashable, Sendable {
        package enum Kind: String, Sendable, CaseIterable { case variable, section, inverted, end, partial }

        package let kind: Kind
        package let name: String
    }

    package enum Mode: Sendable {
        /// A missing name or partial fails the whole rendering, with all of them listed.
        case strict
        /// A missing name is empty text.
        case lenient
    }

    package init(_ source: String) throws(TemplateError) {
        var parser = TemplateParser(source)
        nodes = try parser.parse()
        tags = parser.tags
    }

    /// The text for these data.
    package func render(
        _ data: JSONValue, mode: Mode = .strict, partials: [String: String] = [:]
    ) throws(RenderError) -> String {
        var renderer = TemplateRenderer(data: data, partials: partials)
        try renderer.render(nodes, indent: [], depth: 0)
        if mode == .strict {
            if !renderer.missingPartials.isEmpty { throw .missingPartials(renderer.missingPartials) }
            if !renderer.missing.isEmpty { throw .missingVariables(renderer.missing) }
        }
        return String(decoding: renderer.output, as: UTF8.self)
    }

    /// What a strict rendering would complain of: the names, each once, in reading order.
    package func missing(in data: JSONValue, partials: [String: String] = [:]) throws(RenderError) -> [String] {
        var renderer = TemplateRenderer(data: data, partials: partials)
        try renderer.render(nodes, indent: [], depth: 0)
        return renderer.missing
    }

    /// The names that the template takes from the data, each once, in reading order.
    package var variables: [String] {
        var names: [String] = []
        for tag in tags where [.variable, .section, .inverted].contains(tag.kind) && tag.name != "." {
            if !names.contains(where: { $0.utf8.elementsEqual(tag.name.utf8) }) { names.append(tag.name) }
        }
        return names
    }

    /// The top-level keys of the data that no tag of the template or its partials starts from, sorted.
    package func unused(in data: JSONValue, partials: [String: String] = [:]) -> [String] {
        var used: Set<[UInt8]> = []
        var visited: Set<[UInt8]> = []
        let sources = Dictionary(partials.map { (Array($0.key.utf8), $0.value) }) { first, _ in first }
        func collect(_ tags: [Tag]) {
            for tag in tags {
                if tag.kind != .partial {
                    used.insert(Array(tag.name.utf8.prefix { $0 != UInt8(ascii: ".") }))
                } else if let text = sources[Array(tag.name.utf8)], visited.insert(Array(tag.name.utf8)).inserted,
                    let partial = try? Template(text)
                {
                    collect(partial.tags)
                }
            }
        }
        collect(tags)
        return (data.object?.keys ?? []).filter { !used.contains(Array($0.utf8)) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// A piece of a parsed template.
indirect enum TemplateNode: Sendable {
    case text([UInt8])
    case variable(String)
    case section(String, inverted: Bool, [TemplateNode])
    /// `indent` is the blank text before a partial that stands alone on its line: it goes before each of its lines.
    case partial(String, indent: [UInt8])
}
