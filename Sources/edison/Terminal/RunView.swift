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
        var expected = 0
        var cost = Money.zero
        var isCostKnown = true
        var failures = 0
        var told: Set<String> = []
        var storedIterations = 0
        var traffic = TrafficText(style: .progress)
        var shown = ""
        var lastDraw = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let began = ContinuousClock.now
    private let style = Style.progress
    let isQuiet: Bool
    /// Whether a last line counts.
    let hasBar: Bool

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        hasBar = StandardError.isTerminal && !isQuiet
    }

    /// How many calls the run makes at most, as far as that is known.
    func expect(calls: Int) { state.withLock { $0.expected = calls } }

    func called(_ event: CallEvent) {
        if let failure = event.result.failure, !isQuiet { tell(failure, event.purpose) }
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

    /// What was counted elsewhere.
    func counted(calls: Int, cost: Money?) {
        state.withLock { state in
            state.calls = calls
            state.cost = cost ?? .zero
            state.isCostKnown = cost != nil
            if hasBar { draw(&state) }
        }
    }

    /// Each kind of failure once, in the provider's words; how many there were is in the counting line.
    private func tell(_ failure: ProviderFailure, _ purpose: CallPurpose) {
        let text = "  a call failed (\(purpose.name)): \(Figures.clipped("\(failure)", 300))"
        guard state.withLock({ $0.told.insert(text).inserted && $0.told.count <= 20 }) else { return }
        line(style.red(text))
    }

    /// What happens between the run and its providers.
    func heard(_ event: TrafficEvent) {
        guard let text = state.withLock({ $0.traffic.line(of: event) }), !isQuiet else { return }
        line(text)
    }

    /// How many requests failed on the way, once the run has ended.
    func conclude() {
        end()
        guard let text = state.withLock({ $0.traffic.summary }), !isQuiet else { return }
        line(style.dim(text))
    }

    func show(_ event: RunEvent) {
        if isQuiet { return }
        let stored = state.withLock { state in
            if case .started(let cases, true) = event { state.storedIterations = cases.storedIterations }
            return state.storedIterations
        }
        for text in RunEventText(style: style, storedIterations: stored).lines(of: event) { line(text) }
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
        let elapsed = began.duration(to: .now)
        let seconds = elapsed.components.seconds
        let cost = state.isCostKnown ? state.cost.shortText : "cost unknown"
        let faults = state.failures > 0 ? " · \(state.failures) failed" : ""
        state.shown =
            "  \(Self.bar(state))\(state.calls) calls · \(cost) · \(seconds) s\(Self.rest(state, elapsed))\(faults)"
        StandardError.write("\r\u{1B}[K\(style.dim(state.shown))")
    }

    /// How far the run is against the most calls that it may make; many end sooner.
    private static func bar(_ state: State) -> String {
        guard state.expected > 0 else { return "" }
        let width = 20
        let filled = min(width, state.calls * width / state.expected)
        return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled) + " "
    }

    private static func rest(_ state: State, _ elapsed: Duration) -> String {
        let seconds = Double(elapsed.components.seconds)
        guard state.expected > state.calls, state.calls >= 10, seconds >= 1 else { return "" }
        let left = seconds / Double(state.calls) * Double(state.expected - state.calls)
        return left < 90 ? " · at most \(Int(left.rounded(.up))) s left" : " · at most \(Int(left / 60) + 1) min left"
    }
}
