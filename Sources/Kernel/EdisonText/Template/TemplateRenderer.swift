import EdisonCore

/// Walks a parsed template once and writes bytes; values are written and never read.
struct TemplateRenderer {
    private(set) var output: [UInt8] = []
    private(set) var missing: [String] = []
    private(set) var missingPartials: [String] = []
    private var stack: [JSONValue]
    /// By the bytes of their names, each parsed once.
    private let partials: [[UInt8]: String]
    private var parsed: [[UInt8]: Template] = [:]

    init(data: JSONValue, partials: [String: String]) {
        stack = [data]
        self.partials = Dictionary(partials.map { (Array($0.key.utf8), $0.value) }) { first, _ in first }
    }

    mutating func render(_ nodes: [TemplateNode], indent: [UInt8], depth: Int) throws(RenderError) {
        for node in nodes {
            switch node {
            case .text(let text): write(text, indent)
            case .variable(let name):
                startLine(indent)
                guard let value = find(name) else {
                    note(name, in: &missing)
                    continue
                }
                output.append(contentsOf: Self.text(of: value).utf8)
            case .section(let name, let inverted, let body):
                try section(find(name), inverted: inverted, body, indent, depth)
            case .partial(let name, let own): try partial(name, indent + own, depth)
            }
        }
    }

    private mutating func section(
        _ value: JSONValue?, inverted: Bool, _ body: [TemplateNode], _ indent: [UInt8], _ depth: Int
    ) throws(RenderError) {
        let isTrue = value.map(Self.isTruthy) ?? false
        if inverted {
            if !isTrue { try render(body, indent: indent, depth: depth) }
            return
        }
        guard isTrue, let value else { return }
        for element in value.array ?? [value] {
            stack.append(element)
            try render(body, indent: indent, depth: depth)
            stack.removeLast()
        }
    }

    private mutating func partial(_ name: String, _ indent: [UInt8], _ depth: Int) throws(RenderError) {
        let key = Array(name.utf8)
        guard let source = partials[key] else {
            note(name, in: &missingPartials)
            return
        }
        guard depth < 64 else { throw .partialDepth }
        if parsed[key] == nil {
            do { parsed[key] = try Template(source) } catch { throw .partial(name, error) }
        }
        try render(parsed[key]?.nodes ?? [], indent: indent, depth: depth + 1)
    }

    /// Inside an indented partial each of its own lines is indented; what values bring is not.
    private mutating func write(_ text: [UInt8], _ indent: [UInt8]) {
        guard !indent.isEmpty else { return output.append(contentsOf: text) }
        for byte in text {
            startLine(indent)
            output.append(byte)
        }
    }

    private var isAtLineStart: Bool { output.isEmpty || output.last == 0x0A }
    private mutating func startLine(_ indent: [UInt8]) {
        if !indent.isEmpty, isAtLineStart { output.append(contentsOf: indent) }
    }

    private func note(_ name: String, in names: inout [String]) {
        if !names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { names.append(name) }
    }

    /// The first part of a dotted name is looked up through the open sections, the others inside what it found.
    private func find(_ name: String) -> JSONValue? {
        if name == "." { return stack.last }
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { String($0) ?? "" }
        guard let first = parts.first else { return nil }
        for context in stack.reversed() {
            guard var value = context.object?[first] else { continue }
            for part in parts.dropFirst() {
                guard let next = value.object?[part] else { return nil }
                value = next
            }
            return value
        }
        return nil
    }

    static func isTruthy(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool(false), .integer(0): false
        case .number(let number): number != 0
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        default: true
        }
    }

    static func text(of value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .array, .object: value.text(.canonical)
        case .bool, .integer, .number: value.text()
        }
    }
}
