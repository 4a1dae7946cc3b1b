import EdisonCore
import EdisonLLM
import Synchronization

/// Counts the model calls of this process and what they cost, by what they were for.
final class CallMeter: Sendable {
    enum Outcome: String, Sendable, CaseIterable { case answered, failed, cached, replayed }

    private struct Key: Hashable {
        let purpose: String
        let outcome: Outcome
    }

    private struct Counts {
        var calls: [Key: Int] = [:]
        var nanodollars: [String: Int64] = [:]
        var input: [String: Int] = [:]
        var output: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())

    func count(_ event: CallEvent) {
        let (purpose, result) = (event.purpose.name, event.result)
        let outcome: Outcome =
            result.replayed ? .replayed : result.cached ? .cached : result.failure == nil ? .answered : .failed
        counts.withLock { counts in
            counts.calls[Key(purpose: purpose, outcome: outcome), default: 0] += 1
            // What was asked before has been paid for before.
            guard outcome == .answered || outcome == .failed else { return }
            counts.nanodollars[purpose, default: 0] += result.cost?.nanodollars ?? 0
            counts.input[purpose, default: 0] += result.usage?.input ?? 0
            counts.output[purpose, default: 0] += result.usage?.output ?? 0
        }
    }

    var metrics: [Metric] {
        let counts = counts.withLock(\.self)
        let calls = counts.calls.sorted {
            ($0.key.purpose, $0.key.outcome.rawValue) < ($1.key.purpose, $1.key.outcome.rawValue)
        }
        return [
            Metric(
                "edison_model_calls_total", .counter, "Model calls of this process, by purpose and outcome.",
                calls.map {
                    .init(
                        labels: [("purpose", $0.key.purpose), ("outcome", $0.key.outcome.rawValue)],
                        value: Double($0.value))
                }),
            Metric(
                "edison_model_cost_usd_total", .counter,
                "What the model calls of this process cost, as far as prices are known.",
                Self.samples(counts.nanodollars.mapValues { Double($0) / 1_000_000_000 }, [])),
            Metric(
                "edison_model_tokens_total", .counter, "Tokens of the model calls of this process.",
                Self.samples(counts.input.mapValues(Double.init), [("direction", "input")])
                    + Self.samples(counts.output.mapValues(Double.init), [("direction", "output")])),
        ]
    }

    private static func samples(_ values: [String: Double], _ more: [(name: String, value: String)]) -> [Metric.Sample]
    {
        values.sorted { $0.key < $1.key }.map { .init(labels: [("purpose", $0.key)] + more, value: $0.value) }
    }
}
