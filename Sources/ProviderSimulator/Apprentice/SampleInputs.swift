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
    func first(_ count: Int, avoiding avoided: String) -> [Input] {
        let seen = Words.normalised(avoided)
        var written: Set<String> = []
        var inputs: [Input] = []
        var attempt = 0
        while inputs.count < count, attempt < count * 40 + 200 {
            let input = input(attempt: attempt)
            attempt += 1
            guard !Words.contains(Words.normalised(input.text), in: seen), written.insert(input.text).inserted else {
                continue
            }
            inputs.append(input)
        }
        return inputs
    }

    /// Puts a sentence before the closing words, or at the end.
    func template(_ text: String, extra: String) -> String {
        guard !extra.isEmpty else { return text }
        guard let closing = text.lastIndex(of: "{"), text.hasSuffix("}") else { return text + " " + extra }
        return text[..<closing] + extra + " " + text[closing...]
    }

    private func input(attempt: Int) -> Input {
        let pool = task.samples
        guard
            let sample = attempt < pool.count
                ? draw.shuffled(pool, "order")[attempt] : draw.pick(pool, "sample \(attempt)")
        else { return Input(text: "Input number \(attempt + 1).", tag: "general", difficulty: 2) }
        let values = values("\(attempt)")
        let extra = draw.uniform("extra \(attempt)") < 0.6 ? values["extra"] ?? "" : ""
        let prefix = attempt > pool.count * 6 ? (draw.pick(task.openersOfInputs, "opener \(attempt)") ?? "") : ""
        return Input(
            text: prefix + SlotText.filled(template(sample.text, extra: extra), values), tag: sample.topic,
            difficulty: sample.difficulty)
    }

    /// A value for each slot of the samples.
    func values(_ use: String) -> [String: String] {
        var values: [String: String] = [:]
        for name in task.pools.keys.sorted() {
            values[name] = draw.pick(task.pools[name] ?? [], "value \(use) \(name)")
        }
        return values
    }
}

extension ApprenticeTask {
    /// Makes inputs differ when a template has been used often.
    var openersOfInputs: [String] {
        ["", "Hello. ", "Good morning, ", "Hi team, ", "Second message from me: ", "Short question: "]
    }
}
