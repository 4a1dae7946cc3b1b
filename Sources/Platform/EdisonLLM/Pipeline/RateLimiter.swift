/// When the next call of one credential may go out, and whose it is: a pure machine, fed with times.
///
/// Scopes take turns, and inside a scope the order of arrival holds. What bounds them are limits that the person set,
/// what answers' headers tell, and a wait that the provider asked for.
struct RateLimiter: Sendable {
    struct Ticket: Sendable, Hashable {
        let id: Int
        let scope: String
        /// The most that the call can use.
        let tokens: Int
    }

    enum Next: Sendable, Hashable {
        case grant(Int)
        case wait(seconds: Double)
        /// Nobody waits.
        case idle
    }

    /// The limits that the person set: what was granted counts for a minute.
    var requestsPerMinute: Int?
    var tokensPerMinute: Int?

    private var queues: [(scope: String, tickets: [Ticket])] = []
    /// Granted less than a minute ago, the oldest first; kept only where a limit is set.
    private var recent: [(id: Int, time: Double, tokens: Int)] = []
    private var learned: [LearnedLimit.Kind: LearnedLimit] = [:]
    private var pausedUntil = -Double.infinity

    mutating func enqueue(_ ticket: Ticket) {
        if let index = queues.firstIndex(where: { $0.scope == ticket.scope }) {
            queues[index].tickets.append(ticket)
        } else {
            queues.append((ticket.scope, [ticket]))
        }
    }

    /// Takes back a ticket that still waits; false when it was granted before.
    mutating func remove(_ id: Int) -> Bool {
        for (index, queue) in queues.enumerated() {
            guard let place = queue.tickets.firstIndex(where: { $0.id == id }) else { continue }
            queues[index].tickets.remove(at: place)
            if queues[index].tickets.isEmpty { queues.remove(at: index) }
            return true
        }
        return false
    }

    mutating func next(at now: Double) -> Next {
        guard let ticket = queues.first?.tickets.first else { return .idle }
        if let wait = wait(for: ticket, at: now), wait > 0 { return .wait(seconds: wait) }
        var queue = queues.removeFirst()
        queue.tickets.removeFirst()
        if !queue.tickets.isEmpty { queues.append(queue) }
        if requestsPerMinute != nil || tokensPerMinute != nil { recent.append((ticket.id, now, ticket.tokens)) }
        for kind in learned.keys { learned[kind]?.take(ticket) }
        return .grant(ticket.id)
    }

    /// What a granted call really used stands in for what it might have used; nil = not known.
    mutating func settle(_ ticket: Ticket, tokens: Int?) {
        guard let tokens else { return }
        if let index = recent.lastIndex(where: { $0.id == ticket.id }) { recent[index].tokens = tokens }
        learned[.tokens]?.giveBack(ticket, unused: ticket.tokens - tokens)
    }

    /// The call was not sent after all.
    mutating func withdraw(_ ticket: Ticket) {
        recent.removeAll { $0.id == ticket.id }
        learned[.tokens]?.giveBack(ticket, unused: ticket.tokens)
        learned[.requests]?.giveBack(ticket, unused: 1)
    }

    /// What the provider asks for holds for everybody who uses the credential.
    mutating func pause(until time: Double) { pausedUntil = max(pausedUntil, time) }

    mutating func observe(_ limits: RateLimitObservation, at now: Double) {
        let windows: [(LearnedLimit.Kind, RateLimitObservation.Window?)] = [
            (.requests, limits.requests), (.tokens, limits.tokens), (.inputTokens, limits.inputTokens),
            (.outputTokens, limits.outputTokens),
        ]
        for (kind, window) in windows {
            guard let window, let remaining = window.remaining, let reset = window.resetAfter else { continue }
            var limit = learned[kind] ?? LearnedLimit(kind)
            limit.observe(limit: window.limit, remaining: remaining, resetAfter: reset.inSeconds, at: now)
            learned[kind] = limit
        }
    }

    private mutating func wait(for ticket: Ticket, at now: Double) -> Double? {
        var waits = [pausedUntil - now]
        recent.removeAll { $0.time <= now - 60 }
        if let requestsPerMinute, recent.count >= max(1, requestsPerMinute) {
            waits.append(recent[recent.count - max(1, requestsPerMinute)].time + 60 - now)
        }
        if let tokensPerMinute {
            var used = recent.reduce(ticket.tokens) { $0 + $1.tokens }
            // A call that is larger than the limit goes out alone.
            for entry in recent where used > tokensPerMinute {
                used -= entry.tokens
                waits.append(entry.time + 60 - now)
            }
        }
        for kind in learned.keys {
            if let wait = learned[kind]?.wait(for: ticket, at: now) { waits.append(wait) }
        }
        return waits.max()
    }
}
