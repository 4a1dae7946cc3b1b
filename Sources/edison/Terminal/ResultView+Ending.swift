import EdisonCore
import EdisonExperiments

/// Why a run stopped, and what to change to go on.
extension ResultView {
    func stopWords(_ reason: StopReason) -> String {
        result.json["status"] == "paused" && reason == .cancelled
            ? "it was interrupted; it can go on" : Figures.words(reason, isKeptForTest: result.isKeptForTest)
    }

    /// What to raise, by its name in the file, whether it stands there or is the standard.
    func raising(_ reason: StopReason) -> String {
        let key = reason.limitKey ?? "the limit"
        let now = result.json["experiment"]?["stop"]?[key]?.double.map { " (now \(Figures.plain($0)))" } ?? ""
        let again =
            result.json["holdout"]?.object == nil
            ? "" : " Each further test on the same held-out cases is worth a little less."
        return "To go on, raise \(key) in the file\(now) and start it again.\(again)"
    }

    /// Whose score the composite is: that of the last iteration, whatever was accepted in it.
    var measured: String {
        let last = result.json["iterations"]?.array?.last { $0["metrics"]?["composite"]?.object != nil }
        guard (result.json["versions"]?.array?.count ?? 0) > 1 else { return "" }
        return result.version(last?["version_id"]?.string)?["number"]?.int.map { " of version \($0)" } ?? ""
    }
}
