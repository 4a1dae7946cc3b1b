import EdisonCore

/// The prompt that the run recommends, whole, and the whole change that led to it.
struct ReportPrompt: Sendable {
    struct Part: Sendable {
        let name: String?
        let text: String
    }

    let title: String
    let note: String?
    let parts: [Part]
    let changeTitle: String
    let changeNote: String?
    let change: [ReportDiff]
    let hasChange: Bool

    init?(_ source: ReportSource) {
        guard let best = source.best ?? source.first else { return nil }
        let improved = source.improved
        let number = best["number"]?.int ?? 1
        parts = Self.parts(best)
        guard !parts.isEmpty else { return nil }
        title =
            improved != nil
            ? "The best prompt: version \(number)"
            : source.variants.first?["name"]?.string.map { "The prompt of “\($0)”" } ?? "The prompt"
        note =
            improved == nil && !source.raced.isEmpty
            ? "The first version stays: none was shown to be better."
            : best["version_hash"]?.string.map { hash in
                "SHA-256 \(hash.prefix(12))"
            }
        change = source.variants.isEmpty ? ReportDiff.between(source.first, improved) : Self.others(source, than: best)
        hasChange = !change.isEmpty
        changeTitle =
            !source.variants.isEmpty
            ? "How the others differ from it"
            : "What changed from version \(source.first?["number"]?.int ?? 1) to version \(number)"
        changeNote = improved.map { "in \(ReportFigures.count(Self.steps(to: $0, source), "step"))" }
    }

    /// How many versions lie between the first one and this, this one included.
    private static func steps(to version: JSONValue, _ source: ReportSource) -> Int {
        var steps = 0
        var current: JSONValue? = version
        while let parent = source.version(current?["parent_id"]), steps < source.versions.count {
            steps += 1
            current = parent
        }
        return steps
    }

    private static func others(_ source: ReportSource, than first: JSONValue) -> [ReportDiff] {
        source.variants.dropFirst().flatMap { variant in
            ReportDiff.between(
                first, source.version(variant["version_id"]), of: variant["name"]?.string.map { "“\($0)”" })
        }
    }

    /// Everything that the prompt says, in the order in which a model reads it.
    private static func parts(_ version: JSONValue) -> [Part] {
        var parts: [(name: String, text: String)] = []
        let content = version["content"]
        if let system = version["system_text"]?.string ?? content?["system_text"]?.string, !system.isEmpty {
            parts.append(("System prompt", system))
        }
        for (index, shot) in (content?["few_shots"]?.array ?? []).enumerated() {
            parts.append(("Example \(index + 1), user", shot["user"]?.string ?? ""))
            parts.append(("Example \(index + 1), assistant", shot["assistant"]?.string ?? ""))
        }
        for message in content?["messages"]?.array ?? [] {
            parts.append(("Message, \(message["role"]?.string ?? "user")", message["content"]?.string ?? ""))
        }
        if let text = version["text"]?.string ?? content?["text"]?.string, !text.isEmpty {
            parts.append(("Prompt", text))
        }
        if let tools = content?["tools"], !tools.isNull { parts.append(("Tools", tools.text(.pretty))) }
        return parts.map { Part(name: parts.count > 1 ? $0.name : nil, text: $0.text) }
    }
}
