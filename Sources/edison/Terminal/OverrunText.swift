import EdisonCore
import EdisonExperiments

/// The lines about a limit that was overrun, under what a run has cost.
struct OverrunText {
    private let style: Style

    init(_ style: Style) { self.style = style }

    func lines(of json: JSONObject) -> [String] {
        guard let overrun = OverrunWords(json) else { return [] }
        return ["  \(overrun.claim).", "  \(OverrunWords.reason)"].map(style.yellow)
    }
}
