/// One limit of a credential as its provider's headers tell it: so much is left until the moment of the reset.
struct LearnedLimit: Sendable {
    enum Kind: Sendable, Hashable, CaseIterable { case requests, tokens, inputTokens, outputTokens }

    /// The longest wait that a header can impose: after it a call finds out whether the limit still holds.
    static let longestWait = 120.0

    private let kind: Kind
    private var limit: Int?
    private var remaining = Int.max
    private var resetAt = -Double.infinity
    /// The longest reset that was told: about how long a window is. Some providers tell of it in refusals alone, so a
    /// guess must not make calls wait for a minute where a second would do.
    private var period = 1.0
    /// The window began by the clock, and no answer has told of it yet.
    private var isGuessed = true
    /// Tickets granted inside the window, so that what they did not use can be given back.
    private var granted: Set<Int> = []

    init(_ kind: Kind) { self.kind = kind }

    /// Answers overtake one another, so inside a window the smaller number is the newer one.
    mutating func observe(limit: Int?, remaining observed: Int, resetAfter: Double, at now: Double) {
        self.limit = limit ?? self.limit
        let reset = now + min(resetAfter, Self.longestWait)
        period = max(period, min(resetAfter, 60))
        if now >= resetAt {
            remaining = observed
            resetAt = reset
            granted = []
        } else {
            remaining = min(remaining, observed)
            if isGuessed || observed == 0 { resetAt = reset }
        }
        isGuessed = false
    }

    /// Seconds until the call fits; nil = now.
    mutating func wait(for ticket: RateLimiter.Ticket, at now: Double) -> Double? {
        if now >= resetAt { begin(at: now) }
        // What is larger than the whole limit goes out when all of it is there.
        let isWhole = limit.map { remaining >= $0 } ?? false
        return remaining >= need(of: ticket) || isWhole ? nil : resetAt - now
    }

    mutating func take(_ ticket: RateLimiter.Ticket) {
        guard remaining != .max else { return }
        remaining = max(0, remaining - need(of: ticket))
        granted.insert(ticket.id)
    }

    mutating func giveBack(_ ticket: RateLimiter.Ticket, unused: Int) {
        guard remaining != .max, granted.remove(ticket.id) != nil else { return }
        remaining = max(0, remaining + unused)
    }

    /// The limit is there again. Where its size is unknown there is none until an answer tells of it.
    private mutating func begin(at now: Double) {
        remaining = limit ?? .max
        resetAt = now + period
        isGuessed = true
        granted = []
    }

    /// Input and output are not told apart before the answer, so these limits hold only when they are used up.
    private func need(of ticket: RateLimiter.Ticket) -> Int {
        switch kind {
        case .requests, .inputTokens, .outputTokens: 1
        case .tokens: ticket.tokens
        }
    }
}
