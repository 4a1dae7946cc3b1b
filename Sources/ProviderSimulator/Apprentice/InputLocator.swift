/// Parts a rendered prompt into instructions and input, as a reader would: by tags, by a label such as
/// "Customer message:", or by which lines give orders.
///
/// A template puts the input anywhere, and a refiner adds instructions behind it, so that neither order nor the role
/// of the message tells them apart.
enum InputLocator {
    static func locate(in message: String, hasSystem: Bool) -> (instructions: String, input: String) {
        if let tagged = byTag(message) { return tagged }
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let labelled = byLabel(lines) { return labelled }
        return byOrders(lines, hasSystem: hasSystem)
    }

    private static let tags = [
        "input", "case_input", "message", "customer_message", "email", "ticket", "notes", "text", "document",
        "question",
        "transcript",
    ]

    private static func byTag(_ message: String) -> (instructions: String, input: String)? {
        guard message.utf8.contains(UInt8(ascii: "<")) else { return nil }
        for tag in tags {
            guard let open = message.firstRange(of: "<\(tag)>"),
                let close = message[open.upperBound...].firstRange(of: "</\(tag)>")
            else { continue }
            let instructions = message[..<open.lowerBound] + "\n" + message[close.upperBound...]
            return (String(instructions), Words.trimmed(message[open.upperBound..<close.lowerBound]))
        }
        return nil
    }

    private static let labels: Set<String> = [
        "message", "email", "mail", "ticket", "question", "notes", "input", "text", "request", "customer", "query",
        "complaint", "transcript", "case", "minutes", "document", "issue", "user",
    ]

    private static func byLabel(_ lines: [String]) -> (instructions: String, input: String)? {
        for (index, line) in lines.enumerated() {
            guard let colon = line.firstIndex(of: ":"), let word = Words.split(line[..<colon]).last,
                labels.contains(word)
            else { continue }
            var input = [Words.trimmed(line[line.index(after: colon)...])]
            var rest = lines[(index + 1)...]
            while let next = rest.first, !givesOrder(next) {
                input.append(next)
                rest = rest.dropFirst()
            }
            let before = lines[..<index] + [String(line[..<colon])] + rest
            return (before.joined(separator: "\n"), Words.trimmed(input.joined(separator: "\n")))
        }
        return nil
    }

    private static func byOrders(_ lines: [String], hasSystem: Bool) -> (instructions: String, input: String) {
        var first = lines.startIndex
        var last = lines.endIndex
        while first < last, givesOrder(lines[first]) || lines[first].allSatisfy(\.isWhitespace) { first += 1 }
        while last > first, givesOrder(lines[last - 1]) || lines[last - 1].allSatisfy(\.isWhitespace) { last -= 1 }
        let input = Words.trimmed(lines[first..<last].joined(separator: "\n"))
        let instructions = (lines[..<first] + lines[last...]).joined(separator: "\n")
        if input.isEmpty { return (instructions, hasSystem ? Words.trimmed(instructions) : "") }
        return (instructions, input)
    }

    private static let orders: Set<String> = [
        "always", "never", "do", "don't", "start", "begin", "end", "close", "write", "use", "give", "keep", "name",
        "list",
        "state", "say", "add", "include", "explain", "apologise", "apologize", "address", "greet", "ask", "offer",
        "make",
        "be", "avoid", "answer", "reply", "respond", "sort", "choose", "extract", "summarise", "summarize", "mention",
        "tell", "put", "mark", "show", "check", "remember", "limit", "return", "output", "format", "restate",
        "acknowledge", "thank", "refer", "follow", "provide", "ensure", "request", "finish", "repeat", "warn",
        "protect",
        "recommend", "promote", "think", "take", "work", "treat", "let", "focus", "stay", "put", "consistency",
        "quality",
        "approach", "decide", "leave", "separate", "quote", "rank", "rate", "order", "point", "group", "describe",
        "set", "record", "guess", "pick",
        "classify", "you",
        "your",
    ]

    /// A line that opens with an order, or lists one.
    private static func givesOrder(_ line: String) -> Bool {
        guard let first = Words.split(line).first(where: { !$0.allSatisfy(\.isNumber) }) else { return false }
        return orders.contains(first)
    }
}
