import EdisonCore
import EdisonExperiments

/// Stored runs for reading: a table, and the facts of one.
struct RunsView {
    private let length: Int
    private let style = Style.output

    /// - Parameter all: the runs among which an id must be told, also those that are not shown.
    init(all: [StoredRun]) { length = RunChoice.shortLength(all.map(\.experiment.id.text)) }

    func lines(_ runs: [StoredRun]) -> [String] {
        if runs.isEmpty { return ["No runs. Begin one with: edison refine FILE"] }
        let head = [
            "id", "name", "kind", "state", "iterations", "best score", "verdict", "cost", "started (UTC)", "file",
        ]
        let rows = runs.map(row)
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        func joined(_ row: [String]) -> String {
            var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(
                separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
        return [style.bold(joined(head))] + rows.map(joined)
    }

    private func row(_ run: StoredRun) -> [String] {
        let experiment = run.experiment
        return [
            String(experiment.id.text.prefix(length)), Figures.clipped(experiment.name, 28), experiment.kind.rawValue,
            state(run), String(run.iterations), score(run), words(run), cost(run),
            Self.minutes(experiment.createdAt), run.file.map(Self.shortened) ?? "–",
        ]
    }

    private func state(_ run: StoredRun) -> String {
        if run.isInterrupted { return "interrupted" }
        let reason = run.experiment.stopReason.flatMap { $0 == .cancelled ? nil : ", \($0.rawValue)" } ?? ""
        return run.experiment.status.rawValue + (run.experiment.status == .completed ? reason : "")
    }

    private func score(_ run: StoredRun) -> String {
        guard let score = run.outcome?.score else { return "–" }
        return Figures.score(score) + (run.outcome?.interval).map { " " + Figures.interval($0) }.orEmpty
    }

    private func words(_ run: StoredRun) -> String {
        [
            run.outcome?.verdict?.rawValue.replacing("_", with: " "),
            run.production.map { "v\($0) in production" },
        ].compactMap(\.self).joined(separator: ", ")
    }

    private func cost(_ run: StoredRun) -> String {
        (run.cost?.shortText ?? "unknown")
            + (run.unconfirmed > .zero ? ", up to \(run.unconfirmed.shortText) more unconfirmed" : "")
    }

    private static func minutes(_ time: Timestamp) -> String {
        String(time.rfc3339.prefix(16)).replacing("T", with: " ")
    }

    /// The last two parts of a path tell files apart well enough.
    private static func shortened(_ path: String) -> String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? "…/" + parts.suffix(2).joined(separator: "/") : path
    }

    /// The facts of one run that its result does not show.
    func about(_ run: StoredRun) -> [String] {
        let experiment = run.experiment
        let finished = run.finishedAt.map { ", ended \(Self.minutes($0))" } ?? ""
        let production = run.production.map { "version \($0) of this run is in production" }
        return [
            style.bold(experiment.name) + "  \(experiment.kind.rawValue), \(state(run))",
            "  id          \(experiment.id)", "  started     \(Self.minutes(experiment.createdAt)) UTC\(finished)",
            "  seed        \(experiment.seed)", "  file        \(run.file ?? "–")",
            "  cost        \(cost(run))",
            "  production  \(production ?? "no version of this run")",
        ]
    }
}

extension String? {
    fileprivate var orEmpty: String { self ?? "" }
}
