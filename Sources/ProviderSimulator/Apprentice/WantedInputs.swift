internal import EdisonCore

/// Writes inputs for cells that a request names: each with the tag, of the difficulty and of the length that is wanted,
/// as far as the task's material goes.
struct WantedInputs: Sendable {
    let samples: SampleInputs

    /// How many drafts are made of each, of which the one nearest to what is wanted is taken.
    private static let drafts = 12

    private struct Wanted {
        let tag: String?
        let difficulty: Int?
        /// The least number of characters.
        let length: Int

        init(_ cell: JSONValue) {
            tag = cell["tag"]?.string ?? cell["tags"]?.array?.first?.string ?? cell.string
            difficulty = cell["difficulty"]?.int
            let word = Words.split(cell["length"]?.string ?? "").first ?? ""
            length = word == "long" ? 500 : word == "medium" ? 100 : 0
        }
    }

    func written(for cells: [JSONValue], most: Int, avoiding avoided: String) -> [SampleInputs.Input] {
        let wanted = cells.flatMap { cell in
            Array(repeating: Wanted(cell), count: min(50, Quantity.member(of: cell) ?? 1))
        }
        var seen = Words.normalised(avoided)
        return wanted.prefix(most).enumerated().compactMap { number, wanted in
            let drafts = (0..<Self.drafts).map { draft(wanted, "\(number) \($0)") }
                .filter { !Words.contains(Words.normalised($0.text), in: seen) }
            let best = drafts.enumerated().min { distance($0.element, wanted) < distance($1.element, wanted) }
            guard let input = best?.element else { return nil }
            seen += Words.normalised(input.text)
            return input
        }
    }

    /// How far the input's own difficulty is from the wanted one.
    private func distance(_ input: SampleInputs.Input, _ wanted: Wanted) -> Double {
        guard let difficulty = wanted.difficulty else { return 0 }
        return abs(InputDifficulty.of(input.text) - (Double(difficulty) - 0.5) / 5)
    }

    private func draft(_ wanted: Wanted, _ use: String) -> SampleInputs.Input {
        let all = samples.task.samples
        let fitting = all.filter { sample in wanted.tag.map { Words.split(sample.topic) == Words.split($0) } ?? true }
        guard let sample = samples.draw.pick(fitting.isEmpty ? all : fitting, "wanted \(use)") else {
            return SampleInputs.Input(
                text: "Input \(use) of number \(samples.draw.index(1_000_000, "number \(use)")).",
                tag: wanted.tag ?? "general", difficulty: wanted.difficulty ?? 2)
        }
        let values = samples.values("wanted \(use)")
        let extras = samples.draw.shuffled(samples.task.pools["extra"] ?? [], "extras \(use)")
        var count = samples.draw.uniform("extra \(use)") < 0.6 ? 1 : 0
        var text = filled(sample.text, extras.prefix(count), values)
        while text.count < wanted.length, count < extras.count {
            count += 1
            text = filled(sample.text, extras.prefix(count), values)
        }
        return SampleInputs.Input(
            text: text, tag: wanted.tag ?? sample.topic, difficulty: wanted.difficulty ?? sample.difficulty)
    }

    private func filled(_ text: String, _ extras: ArraySlice<String>, _ values: [String: String]) -> String {
        SlotText.filled(samples.template(text, extra: extras.joined(separator: " ")), values)
    }
}

/// How hard an input is for every model of the apprentice family, from 0 (easy) to 1 (hard).
enum InputDifficulty {
    static func of(_ input: String) -> Double { Draw(0, "difficulty").uniform(input) }
}
