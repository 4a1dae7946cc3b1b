/// The labels of a task that sorts its inputs: its own, or those that the prompt names.
enum Labels {
    static func all(of task: ApprenticeTask, instructions: String) -> [String] {
        let own = task.topics.map(\.label).filter { !$0.isEmpty } + [task.fallback.label].filter { !$0.isEmpty }
        var seen: Set<String> = []
        let distinct = own.filter { seen.insert($0).inserted }
        guard !distinct.isEmpty else { return [] }
        let named = named(in: instructions)
        return named.count >= 2 ? named : distinct
    }

    /// The label that an input of this topic should get.
    static func right(for topic: ApprenticeTask.Topic, in task: ApprenticeTask, instructions: String) -> String {
        let own = topic.label.isEmpty ? task.fallback.label : topic.label
        let named = named(in: instructions)
        guard !own.isEmpty, named.count >= 2, !named.contains(own) else { return own }
        if let near = named.first(where: { $0.hasPrefix(own.prefix(4)) }) { return near }
        if let fitting = named.first(where: { topic.cues.matches(Words.split($0)) }) { return fitting }
        return named.first { $0 == "other" || $0 == "general" } ?? own
    }

    /// A list such as "queues: billing, technical, other" in the instructions.
    private static func named(in instructions: String) -> [String] {
        for line in instructions.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let before = Words.split(line[..<colon])
            guard before.contains(where: { $0.hasPrefix("queue") || $0.hasPrefix("categor") || $0.hasPrefix("team") })
            else {
                continue
            }
            let rest = line[line.index(after: colon)...].prefix { $0 != "." }
            let names = rest.split(separator: ",").map { part in
                Words.split(part).filter { $0 != "or" && $0 != "and" }.joined(separator: " ")
            }
            let short = names.filter { !$0.isEmpty && $0.count <= 30 && !$0.contains("{") }
            if short.count >= 2 { return short }
        }
        return []
    }

    static func urgency(of input: [String]) -> String {
        let urgent = KeywordPattern("urgent|immediately|now|hacked|stolen|twice|down|locked|deadline|today|asap|lawyer")
        let calm = KeywordPattern("question|wonder|curious|whenever|no hurry|could you tell")
        return urgent.matches(input) ? "high" : calm.matches(input) ? "low" : "medium"
    }
}
