/// What can be read off an input to make sentences about it concrete.
enum InputValues {
    static func of(_ input: String) -> [String: String] {
        let sentences = Words.sentences(input)
        let actions = actionSentences(sentences)
        return [
            // With the space before it, so that a greeting reads well without one.
            "name": name(in: input).map { " \($0)" } ?? "",
            "gist": gist(sentences.first ?? "the input"),
            "action": gist(actions.first ?? sentences.first ?? "go through the notes again"),
            "action2": gist(actions.dropFirst().first ?? sentences.last ?? "agree on the next date"),
            "owner": owner(in: input) ?? "the chair",
        ]
    }

    private static func gist(_ sentence: String) -> String {
        var text = Words.clipped(sentence, to: 90)
        while let last = text.last, ".!?-• ".contains(last) { text.removeLast() }
        while let first = text.first, "-*•0123456789. ".contains(first) { text.removeFirst() }
        return text.isEmpty ? "the input" : text
    }

    private static func actionSentences(_ sentences: [String]) -> [String] {
        let pattern = KeywordPattern(
            "will|to do|todo|needs to|should|must|action|agreed to|takes|prepares|sends|by friday|by monday")
        return sentences.filter { pattern.matches(Words.split($0)) }
    }

    /// From "my name is Ann", "this is Ann", or a short last line behind "regards".
    private static func name(in input: String) -> String? {
        let words = input.split { !($0.isLetter || $0 == "'" || $0 == "-") }.map(String.init)
        let lower = words.map { $0.lowercased() }
        let greetings: Set<String> = ["regards", "thanks", "yours", "cheers", "sincerely", "help"]
        for (index, word) in words.enumerated().dropFirst() {
            guard let first = word.first, first.isUppercase, word.count > 1, !commonWords.contains(lower[index]) else {
                continue
            }
            if index >= 2, lower[index - 1] == "is", ["name", "this"].contains(lower[index - 2]) { return word }
            if index >= words.count - 2, greetings.contains(lower[index - 1]) { return word }
        }
        return nil
    }

    private static let commonWords: Set<String> = [
        "i", "the", "a", "it", "my", "we", "you", "is", "what", "this", "please", "somebody", "everybody", "nobody",
    ]

    /// The first name-like word inside a sentence.
    private static func owner(in input: String) -> String? {
        for sentence in Words.sentences(input) {
            let words = sentence.split { !$0.isLetter }.map(String.init)
            let verbs: Set<String> = [
                "will", "to", "takes", "sends", "prepares", "should", "needs", "writes", "checks", "asks",
            ]
            for (index, word) in words.enumerated().dropLast() where verbs.contains(words[index + 1]) {
                if let first = word.first, first.isUppercase, word.count > 2, !commonWords.contains(word.lowercased()) {
                    return word
                }
            }
        }
        return nil
    }
}
