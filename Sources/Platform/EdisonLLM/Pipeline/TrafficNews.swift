/// What of the traffic is worth telling a person, so that each thing is told when it begins and not with every call:
/// a pure machine, fed with times.
struct TrafficNews: Sendable {
    typealias Model = TrafficEvent.Model

    /// Waits below this are not told.
    static let shortest = 1.0
    /// What goes on is not told again for so long.
    static let quiet = 10.0

    /// Seconds that a call is under way before it is told, and again at each doubling.
    private let patience: Double
    private var limited: [String: (told: Double, until: Double)] = [:]
    private var downSince: [Model: Double] = [:]
    private var givenUp: Set<Model> = []
    private var replaced: [Model: [Model: Double]] = [:]
    private var answered: [Model: Double] = [:]
    private var open: [Int: (model: Model, since: Double)] = [:]
    private var nextSlow: [Model: Double] = [:]

    init(patience: Double) { self.patience = patience }

    var isIdle: Bool { open.isEmpty }

    /// Somebody waits for a provider's limits.
    mutating func waits(_ provider: String, seconds: Double, at now: Double) -> TrafficEvent? {
        guard seconds >= Self.shortest else { return nil }
        if let last = limited[provider], now < last.told + Self.quiet, now + seconds < last.until + Self.quiet / 2 {
            return nil
        }
        limited[provider] = (now, now + seconds)
        return .limited(provider: provider, seconds: seconds)
    }

    mutating func began(_ id: Int, _ model: Model, at now: Double) { open[id] = (model, now) }

    /// A request ended; nil = it was taken back, or says nothing.
    mutating func ended(_ id: Int) { open[id] = nil }

    mutating func answered(_ model: Model, at now: Double) {
        answered[model] = now
        givenUp.remove(model)
        if !open.values.contains(where: { $0.model == model && now - $0.since >= patience }) { nextSlow[model] = nil }
    }

    mutating func opened(_ model: Model, words: String, pause: Double, at now: Double) -> TrafficEvent? {
        guard downSince[model] == nil else { return nil }
        downSince[model] = now
        return .down(model, words: words, pause: pause)
    }

    mutating func closed(_ model: Model, at now: Double) -> TrafficEvent? {
        downSince.removeValue(forKey: model).map { .back(model, seconds: now - $0) }
    }

    mutating func gaveUp(_ model: Model, words: String) -> TrafficEvent? {
        givenUp.insert(model).inserted ? .givenUp(model, words: words) : nil
    }

    /// Told again only after the model has answered by itself.
    mutating func replaced(_ model: Model, by other: Model, words: String, at now: Double) -> TrafficEvent? {
        if let told = replaced[model]?[other] {
            guard let answer = answered[model], answer > told, now >= told + Self.quiet else { return nil }
        }
        replaced[model, default: [:]][other] = now
        return .replaced(model, by: other, words: words)
    }

    /// The models whose oldest call is under way for longer than was told.
    mutating func overdue(at now: Double) -> [TrafficEvent] {
        Dictionary(grouping: open.values, by: \.model).sorted { $0.key.description < $1.key.description }.compactMap {
            model, calls in
            let oldest = now - (calls.map(\.since).min() ?? now)
            guard oldest >= nextSlow[model] ?? patience else { return nil }
            nextSlow[model] = max(oldest, patience) * 2
            return .slow(model, calls: calls.count, seconds: oldest)
        }
    }
}
