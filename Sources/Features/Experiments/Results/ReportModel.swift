import EdisonCore

/// What the report prints, decided and formatted: the templates only place it.
struct ReportModel: Sendable {
    let style: String
    let title: String
    let goal: String?
    let state: String
    let stateTone: String
    let overview: [String]
    let verdict: ReportVerdict
    let numbers: [ReportNumber]
    let scorePlot: ReportScorePlot?
    let gains: ReportForest?
    let variantTable: ReportForest?
    let hasPlots: Bool
    let criteria: ReportCriteria?
    let kinds: ReportKinds?
    let doubts: List<ReportDoubt>?
    let safety: ReportSafety?
    let prompt: ReportPrompt?
    let iterations: List<ReportIteration>?
    let choice: ReportExample.Choice?
    let judges: ReportJudges?
    let costs: ReportCosts?
    let failures: List<ReportFailure>?
    let facts: List<ReportFact>?

    /// Rows with something around them, which is there only when there are rows.
    struct List<Element: Sendable>: Sendable {
        let elements: [Element]

        init?(_ elements: [Element]) {
            guard !elements.isEmpty else { return nil }
            self.elements = elements
        }
    }

    init(_ source: ReportSource, style: String) {
        self.style = style
        title = source.experiment?["name"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? "Experiment"
        goal = source.experiment?["goal"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let status = ReportWords.status(source)
        state = status.words
        stateTone = status.tone
        overview = Self.overview(source)
        verdict = ReportVerdict(source)
        numbers = ReportNumber.all(source)
        scorePlot = ReportScorePlot(source)
        gains = ReportForest(gains: source)
        hasPlots = scorePlot != nil || gains != nil
        variantTable = ReportForest(variants: source)
        criteria = ReportCriteria(source)
        kinds = ReportKinds(source)
        doubts = List(ReportDoubt.all(source))
        safety = ReportSafety(source)
        prompt = ReportPrompt(source)
        iterations = List(ReportIteration.all(source))
        choice = ReportExample.choice(source)
        judges = ReportJudges(source)
        costs = ReportCosts(source)
        failures = List(ReportFailure.all(source))
        facts = List(ReportFact.all(source))
    }

    private static func overview(_ source: ReportSource) -> [String] {
        func counted(_ key: String, _ word: String) -> String? {
            source.experiment?[key]?.array.flatMap { $0.isEmpty ? nil : ReportFigures.count($0.count, word) }
        }
        return [
            source.cases.isEmpty ? nil : ReportFigures.count(source.cases.count, "case"),
            source.variants.isEmpty
                ? counted("models", "model") : ReportFigures.count(source.variants.count, "variant"),
            counted("judges", "judge"), source["seed"].map { "seed \($0.text())" },
        ].compactMap(\.self)
    }
}
