import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonLLM
import EdisonPrompts
import Foundation
import Synchronization

/// Tells on standard error what a run does while it does it: lines that stay, and in a terminal a last line that
/// counts calls, cost and time.
final class RunView: Sendable {
    private struct State {
        var calls = 0
        var cost = Money.zero
        var isCostKnown = true
        var failures = 0
        var shown = ""
        var lastDraw = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let began = ContinuousClock.now
    private let style = Style.progress
    private let isQuiet: Bool
    private let hasBar: Bool

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        hasBar = StandardError.isTerminal && !isQuiet
    }

    func called(_ event: CallEvent) {
        state.withLock { state in
            if event.result.replayed || event.result.cached { return }
            state.calls += 1
            if event.result.failure != nil { state.failures += 1 }
            if let cost = event.result.cost { state.cost += cost } else { state.isCostKnown = false }
            let now = ContinuousClock.now
            guard hasBar, state.lastDraw.duration(to: now) > .milliseconds(80) else { return }
            state.lastDraw = now
            draw(&state)
        }
    }

    func show(_ event: RunEvent) {
        if isQuiet { return }
        for text in RunEventText(style: style).lines(of: event) { line(text) }
    }

    func line(_ text: String) {
        state.withLock { state in
            clear(&state)
            StandardError.line(text)
        }
    }

    /// Leaves the screen as it is, without the counting line: before somebody is asked something.
    func end() { state.withLock { clear(&$0) } }

    private func clear(_ state: inout State) {
        guard !state.shown.isEmpty else { return }
        StandardError.write("\r\u{1B}[K")
        state.shown = ""
    }

    private func draw(_ state: inout State) {
        let seconds = began.duration(to: .now).components.seconds
        let cost = state.isCostKnown ? state.cost.shortText : "cost unknown"
        let faults = state.failures > 0 ? " · \(state.failures) failed" : ""
        state.shown = "  \(state.calls) calls · \(cost) · \(seconds) s\(faults)"
        StandardError.write("\r\u{1B}[K\(style.dim(state.shown))")
    }
}
