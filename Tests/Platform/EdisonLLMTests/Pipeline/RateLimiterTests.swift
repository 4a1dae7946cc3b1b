import EdisonCore
import EdisonTestKit
import NIOHTTP1
import Testing

@testable import EdisonLLM

@Suite("The limiter")
final class RateLimiterTests {
    private var limiter = RateLimiter()

    private func enqueue(_ id: Int, _ scope: String = "s", tokens: Int = 100) {
        limiter.enqueue(RateLimiter.Ticket(id: id, scope: scope, tokens: tokens))
    }

    private func granted(at now: Double) -> [Int] {
        var ids: [Int] = []
        while case .grant(let id) = limiter.next(at: now) { ids.append(id) }
        return ids
    }

    private func wait(at now: Double) -> Double? {
        if case .wait(let seconds) = limiter.next(at: now) { seconds } else { nil }
    }

    private static func limits(
        requests: (limit: Int?, remaining: Int)? = nil, tokens: (limit: Int?, remaining: Int)? = nil, reset: Double
    ) throws -> RateLimitObservation {
        var headers: [(String, String)] = []
        for (name, window) in [("requests", requests), ("tokens", tokens)] {
            guard let window else { continue }
            if let limit = window.limit { headers.append(("x-ratelimit-limit-\(name)", "\(limit)")) }
            headers.append(("x-ratelimit-remaining-\(name)", "\(window.remaining)"))
            headers.append(("x-ratelimit-reset-\(name)", "\(reset)s"))
        }
        return try #require(RateLimitObservation(HTTPHeaderFields(.init(headers))))
    }

    @Test("without a limit everybody goes at once, in order")
    func free() {
        for id in 0..<50 { enqueue(id) }
        #expect(granted(at: 0) == Array(0..<50))
        #expect(limiter.next(at: 0) == .idle)
    }

    @Test("scopes take turns, and inside a scope the order of arrival holds")
    func fairness() {
        for id in 0..<4 { enqueue(id, "large") }
        for id in 10..<12 { enqueue(id, "small") }
        enqueue(20, "single")
        #expect(granted(at: 0) == [0, 10, 20, 1, 11, 2, 3])
    }

    @Test("never more than the requests of a minute within any minute")
    func requestsPerMinute() {
        limiter.requestsPerMinute = 3
        for id in 0..<7 { enqueue(id) }
        #expect(granted(at: 0) == [0, 1, 2])
        #expect(wait(at: 1) == 59)
        #expect(granted(at: 60) == [3, 4, 5])
        #expect(granted(at: 119.9) == [])
        #expect(granted(at: 120) == [6])
    }

    @Test("the tokens of a minute are those that may be used, until it is known how many were")
    func tokensPerMinute() {
        limiter.tokensPerMinute = 250
        for id in 0..<3 { enqueue(id) }
        #expect(granted(at: 0) == [0, 1])
        #expect(wait(at: 1) == 59)
        limiter.settle(RateLimiter.Ticket(id: 0, scope: "s", tokens: 100), tokens: 20)
        #expect(granted(at: 2) == [2])
        // What is larger than the limit itself goes out alone, and not never.
        enqueue(3, tokens: 1000)
        #expect(granted(at: 61) == [])
        #expect(granted(at: 62) == [3])
    }

    @Test("a call that was not sent after all does not count")
    func withdrawn() {
        limiter.requestsPerMinute = 1
        enqueue(0)
        enqueue(1)
        #expect(granted(at: 0) == [0])
        limiter.withdraw(RateLimiter.Ticket(id: 0, scope: "s", tokens: 100))
        #expect(granted(at: 1) == [1])
    }

    @Test("who leaves the queue is not granted, and nobody waits behind them")
    func left() {
        limiter.pause(until: 5)
        for id in 0..<3 { enqueue(id) }
        var left = [0, 0].map { limiter.remove($0) }
        #expect(left == [true, false])
        #expect(granted(at: 5) == [1, 2])
        left = [limiter.remove(1)]
        #expect(left == [false])
    }

    @Test("what the headers leave is used up and no more, until the reset")
    func learned() throws {
        limiter.observe(try Self.limits(requests: (limit: 5, remaining: 2), reset: 10), at: 0)
        for id in 0..<9 { enqueue(id) }
        #expect(granted(at: 1) == [0, 1])
        #expect(wait(at: 1) == 9)
        // Then the whole limit is there, for as long as the longest reset or until an answer tells more.
        #expect(granted(at: 10) == [2, 3, 4, 5, 6])
        #expect(wait(at: 10) == 10)
        limiter.observe(try Self.limits(requests: (limit: 5, remaining: 0), reset: 3), at: 11)
        #expect(wait(at: 11) == 3)
        #expect(granted(at: 14) == [7, 8])
    }

    @Test("a limit that only refusals tell of does not make calls wait for a minute")
    func refusalsAlone() throws {
        limiter.observe(try Self.limits(requests: (limit: 5, remaining: 0), reset: 0.1), at: 0)
        for id in 0..<12 { enqueue(id) }
        #expect(granted(at: 0) == [])
        #expect(granted(at: 0.1) == [0, 1, 2, 3, 4])
        #expect(granted(at: 1.1) == [5, 6, 7, 8, 9])
    }

    @Test("of answers that overtake one another the smaller number counts")
    func overtaken() throws {
        limiter.observe(try Self.limits(requests: (limit: 9, remaining: 1), reset: 10), at: 0)
        limiter.observe(try Self.limits(requests: (limit: 9, remaining: 7), reset: 10), at: 0.1)
        for id in 0..<3 { enqueue(id) }
        #expect(granted(at: 1) == [0])
    }

    @Test("learned limits of tokens count what may be used, and give back what was not")
    func learnedTokens() throws {
        limiter.observe(try Self.limits(tokens: (limit: 1000, remaining: 250), reset: 10), at: 0)
        for id in 0..<3 { enqueue(id) }
        #expect(granted(at: 0) == [0, 1])
        limiter.settle(RateLimiter.Ticket(id: 1, scope: "s", tokens: 100), tokens: 50)
        #expect(granted(at: 1) == [2])
        enqueue(3, tokens: 5000)
        #expect(wait(at: 1) == 9)
        #expect(granted(at: 10) == [3])
    }

    @Test("a header that asks for hours is believed for two minutes")
    func hours() throws {
        limiter.observe(try Self.limits(requests: (limit: nil, remaining: 0), reset: 36_000), at: 0)
        enqueue(0)
        #expect(wait(at: 0) == 120)
        #expect(granted(at: 120) == [0])
    }
}
