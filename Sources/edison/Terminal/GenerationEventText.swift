import EdisonDatasets
import EdisonExperiments

/// The words for what happens while harder cases are looked for.
struct GenerationEventText {
    let style: Style

    func lines(of event: GenerationEvent) -> [String] {
        switch event {
        case .waitingForOther:
            [style.cyan("Another process looks for cases of this prompt; waiting for it to end.")]
        case .measuring(let cases):
            [
                "The prompt is run on \(cases) known \(cases == 1 ? "case" : "cases") first, to know what it usually scores."
            ]
        case .measured(let known, let bar):
            [
                "On \(known.cases) known cases it scores \(Figures.estimate(known)); an answer below \(Figures.score(bar.value)) fails."
            ]
        case .kept(let kept, let count, let all):
            [
                "  \(count) of \(all)  \(style.green(reason(kept)))  \(style.dim(Figures.clipped(kept.testCase.inputText, 90)))"
            ]
        case .rejected: []
        }
    }

    private func reason(_ kept: GeneratedCase) -> String {
        switch kept.reason {
        case .fails: "fails (\(Figures.score(kept.score))\(kept.failure.map { ", \($0)" } ?? ""))"
        case .gap: "fills a gap (\(Figures.score(kept.score)))"
        }
    }
}
