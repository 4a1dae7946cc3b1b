/// Writes varied inputs for a task, for generated test cases.
struct SampleInputs: Sendable {
    struct Input: Sendable {
        let text: String
        let tag: String
        let difficulty: Int
    }

    let task: ApprenticeTask
    let draw: Draw

    /// Inputs that differ from each other and from the texts to avoid; fewer only when the material runs out.
    func first(_ count: Int, avoiding avoided: String, tags: [String] = [], difficulties: [Int] = []) -> [Input] {
        let seen = Words.normalised(avoided)
        var written: Set<String> = []
        var inputs: [Input] = []
        var attempt = 0
        while inputs.count < count, attempt < count * 40 + 200 {
            let number = inputs.count
            let wanted = tags.isEmpty ? nil : tags[number % tags.count]
            let level = difficulties.isEmpty ? nil : difficulties[number % difficulties.count]
            let input = input(attempt: attempt, tag: wanted, difficulty: level)
            attempt += 1
            guard !Words.contains(Words.normalised(input.text), in: seen), written.insert(input.text).inserted else {
                continue
            }
            inputs.append(input)
        }
        return inputs
    }

    /// Puts a sentence before the closing words, or at the end.
    private func template(_ text: String, extra: String) -> String {
        guard !extra.isEmpty else { return text }
        guard let closing = text.lastIndex(of: "{"), text.hasSuffix("}") else { return text + " " + extra }
        return text[..<closing] + extra + " " + text[closing...]
    }

    private func input(attempt: Int, tag: String?, difficulty: Int?) -> Input {
        let fitting = task.samples.filter { sample in tag.map { Words.split(sample.topic) == Words.split($0) } ?? true }
        let pool = fitting.isEmpty ? task.samples : fitting
        guard
            let sample = attempt < pool.count
                ? draw.shuffled(pool, "order")[attempt] : draw.pick(pool, "sample \(attempt)")
        else { return Input(text: "Input number \(attempt + 1).", tag: tag ?? "general", difficulty: difficulty ?? 2) }
        var values: [String: String] = [:]
        for name in task.pools.keys.sorted() {
            values[name] = draw.pick(task.pools[name] ?? [], "value \(attempt) \(name)")
        }
        let extra = draw.uniform("extra \(attempt)") < 0.6 ? values["extra"] ?? "" : ""
        let prefix = attempt > pool.count * 6 ? (draw.pick(task.openersOfInputs, "opener \(attempt)") ?? "") : ""
        return Input(
            text: prefix + SlotText.filled(template(sample.text, extra: extra), values), tag: tag ?? sample.topic,
            difficulty: difficulty ?? sample.difficulty)
    }
}

extension ApprenticeTask {
    /// Makes inputs differ when a template has been used often.
    var openersOfInputs: [String] {
        ["", "Hello. ", "Good morning, ", "Hi team, ", "Second message from me: ", "Short question: "]
    }
}
