import EdisonCore
import Synchronization

/// Hands the news of the traffic to whoever watches, and looks now and then for calls that take long.
final class TrafficReport: Sendable {
    private struct State {
        var news: TrafficNews
        var isWatching = false
    }

    private let state: Mutex<State>
    private let patience: Double
    private let observer: @Sendable (TrafficEvent) -> Void
    private let start = ContinuousClock.now

    init(patience: Double, _ observer: @escaping @Sendable (TrafficEvent) -> Void) {
        self.patience = patience
        self.observer = observer
        state = Mutex(State(news: TrafficNews(patience: patience)))
    }

    private var now: Double { start.duration(to: .now).inSeconds }

    func waits(_ provider: String, seconds: Double) { tell { $0.waits(provider, seconds: seconds, at: $1) } }

    func gaveUp(_ reference: ModelReference, words: String) {
        tell { news, _ in news.gaveUp(TrafficEvent.Model(reference), words: words) }
    }

    func replaced(_ reference: ModelReference, by other: ModelReference, words: String) {
        tell { $0.replaced(TrafficEvent.Model(reference), by: TrafficEvent.Model(other), words: words, at: $1) }
    }

    func began(_ id: Int, _ model: TrafficEvent.Model) {
        let mustWatch = state.withLock { [now] state in
            state.news.began(id, model, at: now)
            defer { state.isWatching = true }
            return !state.isWatching
        }
        if mustWatch { watch() }
    }

    /// - Parameter breaker: what the end made of the breaker.
    func ended(_ id: Int, _ model: TrafficEvent.Model, _ end: TrafficControl.End, breaker: Breaker.Change?) {
        let events = state.withLock { [now] state in
            state.news.ended(id)
            var events: [TrafficEvent?] = []
            switch end {
            case .answered: state.news.answered(model, at: now)
            case .failed(let failure): events.append(.failed(model, failure.kind))
            case .withdrawn: break
            }
            switch breaker {
            case .opened(let pause):
                let words = if case .failed(let failure) = end { "\(failure)" } else { "" }
                events.append(state.news.opened(model, words: words, pause: pause, at: now))
            case .closed: events.append(state.news.closed(model, at: now))
            case nil: break
            }
            return events.compactMap(\.self)
        }
        events.forEach(observer)
    }

    private func tell(_ change: (inout TrafficNews, _ now: Double) -> TrafficEvent?) {
        if let event = state.withLock({ [now] in change(&$0.news, now) }) { observer(event) }
    }

    /// Looks until nothing is under way.
    private func watch() {
        Task { [weak self, patience] in
            while true {
                try? await Task.sleep(for: .seconds(min(5, patience / 3)))
                guard let self else { return }
                let (events, isOver) = state.withLock { [now] state in
                    let events = state.news.overdue(at: now)
                    if state.news.isIdle { state.isWatching = false }
                    return (events, state.news.isIdle)
                }
                events.forEach(observer)
                if isOver { return }
            }
        }
    }
}

extension TrafficEvent.Model {
    init(_ reference: ModelReference) {
        self.init(name: reference.model, provider: reference.endpoint.credentialID)
    }
}
