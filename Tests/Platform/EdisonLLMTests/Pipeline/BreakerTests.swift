import EdisonCore
import EdisonTestKit
import Testing

@testable import EdisonLLM

@Suite("The breaker", .timeLimit(.minutes(3)))
struct BreakerTests {
    private static var policy: BreakerPolicy {
        var policy = BreakerPolicy()
        policy.window = 10
        policy.minimum = 4
        policy.ratio = 0.5
        policy.pause = 2
        return policy
    }

    private func opened() -> Breaker {
        var breaker = Breaker(Self.policy)
        for second in 0..<4 { breaker.report(failed: true, isProbe: false, at: Double(second)) }
        return breaker
    }

    @Test("it opens when enough calls failed, and not on fewer")
    func opens() {
        var breaker = Breaker(Self.policy)
        for _ in 0..<3 { breaker.report(failed: true, isProbe: false, at: 0) }
        #expect(breaker.request(at: 0) == .go)
        breaker.report(failed: true, isProbe: false, at: 0)
        #expect(breaker.state == .open(until: 2))
        #expect(breaker.request(at: 0.5) == .wait(seconds: 1.5))
    }

    @Test("it stays closed while fewer than the ratio fail, and forgets what is long ago")
    func ratio() {
        var breaker = Breaker(Self.policy)
        for failed in [true, false, false, false, true] { breaker.report(failed: failed, isProbe: false, at: 0) }
        #expect(breaker.state == .closed)
        breaker.report(failed: true, isProbe: false, at: 1)
        #expect(breaker.state == .open(until: 3))

        breaker = Breaker(Self.policy)
        for _ in 0..<3 { breaker.report(failed: true, isProbe: false, at: 0) }
        breaker.report(failed: true, isProbe: false, at: 11)
        #expect(breaker.state == .closed)
    }

    @Test("so many failures in a row open it, however much was answered before")
    func row() {
        var breaker = Breaker(BreakerPolicy())
        for _ in 0..<500 { breaker.report(failed: false, isProbe: false, at: 1) }
        for _ in 0..<5 { breaker.report(failed: true, isProbe: false, at: 2) }
        breaker.report(failed: false, isProbe: false, at: 2)
        for _ in 0..<5 { #expect(breaker.report(failed: true, isProbe: false, at: 3) == nil) }
        #expect(breaker.state == .closed)
        #expect(breaker.report(failed: true, isProbe: false, at: 3) == .opened(5))
        #expect(breaker.report(failed: true, isProbe: true, at: 9) == .opened(5))
        #expect(breaker.report(failed: false, isProbe: true, at: 15) == .closed)

        // No row: they are too far apart to have one cause.
        breaker = Breaker(BreakerPolicy())
        for minute in 0..<20 { breaker.report(failed: true, isProbe: false, at: Double(minute) * 60) }
        #expect(breaker.state == .closed)
    }

    @Test("it opens before a call has used up its tries")
    func order() { #expect(BreakerPolicy().row <= RetryPolicy().tries) }

    @Test("after its pause one call may try, and what it brings decides")
    func probe() {
        var breaker = opened()
        #expect(breaker.request(at: 4.9) == .wait(seconds: 5 - 4.9))
        #expect(breaker.request(at: 5) == .probe)
        for _ in 0..<3 {
            if case .wait = breaker.request(at: 5.1) { continue }
            Issue.record("a second probe at once")
        }
        breaker.report(failed: true, isProbe: true, at: 6)
        #expect(breaker.state == .open(until: 8))
        #expect(breaker.request(at: 8) == .probe)
        breaker.report(failed: false, isProbe: true, at: 9)
        #expect(breaker.state == .closed)
        #expect(breaker.request(at: 9) == .go)
    }

    @Test("a probe without a verdict lets another one try at once")
    func abandoned() {
        var breaker = opened()
        #expect(breaker.request(at: 5) == .probe)
        breaker.abandonProbe(at: 6)
        #expect(breaker.request(at: 6) == .probe)
    }

    @Test("what was sent before it opened neither closes it nor keeps it open")
    func late() {
        var breaker = opened()
        for _ in 0..<4 { breaker.report(failed: true, isProbe: false, at: 4) }
        #expect(breaker.request(at: 5) == .probe)
        breaker.report(failed: false, isProbe: false, at: 5.5)
        #expect(breaker.state == .probing)
        breaker.report(failed: false, isProbe: true, at: 6)
        #expect(breaker.state == .closed)
    }
}
