import EdisonCore

/// Something that the figures rest on.
struct ReportFact: Sendable {
    let term: String
    let value: String

    static func all(_ source: ReportSource) -> [ReportFact] {
        let experiment = source.experiment
        let isLoop = !source.isEvaluation
        let facts: [(String, String?)] = [
            ("About", experiment?["description"]?.string),
            ("Versions", versions(source)), ("Cases", cases(source)), ("Test", test(source)),
            ("Models", models(experiment?["models"])), ("Judges", models(experiment?["judges"])),
            ("Safety scan", ReportSafety.fact(source)),
            ("Refiner", isLoop ? experiment?["refiner"]?.asObject.map(model) : nil),
            ("Stops at", stops(experiment?["stop"], isLoop: isLoop)),
            ("Review", isLoop ? experiment?["review"]?.string : nil), ("Seed", source["seed"]?.text()),
        ]
        return facts.compactMap { term, value in value.map { ReportFact(term: term, value: $0) } }
    }

    private static func versions(_ source: ReportSource) -> String? {
        var rows: [JSONValue] = [source.first, source.version(source.holdout?["version_id"]), source.best]
            .compactMap(\.self)
        var seen: Set<String> = []
        rows = rows.filter { seen.insert($0["id"]?.string ?? "").inserted }
        let words = rows.compactMap { row in
            row["version_hash"]?.string.map { "\(source.name(row["id"])) SHA-256 \($0.prefix(12))" }
        }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    private static func cases(_ source: ReportSource) -> String? {
        guard !source.cases.isEmpty else { return nil }
        let names = [("search", "to search with"), ("holdout", "held out"), ("reserve", "in reserve")]
        let parts = names.compactMap { split, words -> String? in
            let count = source.cases.count { $0["split"]?.string == split }
            return count > 0 ? "\(ReportFigures.count(count)) \(words)" : nil
        }
        return source.isEvaluation ? ReportFigures.count(source.cases.count) : parts.joined(separator: ", ")
    }

    private static func test(_ source: ReportSource) -> String? {
        guard let holdout = source.holdout else { return nil }
        let margin = source.experiment?["stop"]?["min_delta"]?.double
        return [
            holdout["method"]?.string, holdout["level"]?.double.map { "level \(ReportFigures.percent($0))" },
            holdout["coverage"]?.double.map { "\(ReportFigures.percent($0)) of the held-out cases scored" },
            margin.map { "differences within ±\(ReportFigures.plain($0)) count as none" },
        ].compactMap(\.self).joined(separator: ", ")
    }

    private static func models(_ json: JSONValue?) -> String? {
        let names = (json?.array ?? []).map(model)
        return names.isEmpty ? nil : names.joined(separator: "; ")
    }

    private static func model(_ json: JSONValue) -> String {
        let name = json["name"]?.string ?? json["model"]?.string ?? "–"
        let model = json["model"]?.string.flatMap { $0 == name ? nil : $0 }
        let mode = json["mode"]?.string.flatMap { $0 == "pointwise" ? nil : $0 }
        let about = [model, json["provider"]?.string, mode].compactMap(\.self).joined(separator: ", ")
        return about.isEmpty ? name : "\(name) (\(about))"
    }

    private static func stops(_ stop: JSONValue?, isLoop: Bool) -> String? {
        let parts: [String?] = [
            isLoop ? stop?["max_iterations"]?.int.map { ReportFigures.count($0, "iteration") } : nil,
            isLoop ? stop?["target"]?.double.map { "a score of \(ReportFigures.plain($0))" } : nil,
            ReportFigures.money(stop?["max_budget_usd"]),
            stop?["max_tokens"]?.int.map { ReportFigures.count($0, "token") },
            stop?["max_calls"]?.int.map { ReportFigures.count($0, "call") },
            stop?["max_seconds"]?.double.map { "\(ReportFigures.plain($0)) s" },
        ]
        let words = parts.compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}
