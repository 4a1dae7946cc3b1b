import EdisonTestKit
import Testing

@testable import EdisonLLM

@Suite("News of the traffic", .timeLimit(.minutes(3)))
struct TrafficNewsTests {
    private let one = TrafficEvent.Model(name: "m", provider: "main")
    private let other = TrafficEvent.Model(name: "n", provider: "main")

    @Test("a wait for limits is told once, and again when it is much longer or comes back")
    func limits() {
        var news = TrafficNews(patience: 30)
        #expect(news.waits("main", seconds: 0.9, at: 0) == nil)
        #expect(news.waits("main", seconds: 2, at: 0) == .limited(provider: "main", seconds: 2))
        #expect(news.waits("main", seconds: 2, at: 1) == nil)
        #expect(news.waits("other", seconds: 2, at: 1) == .limited(provider: "other", seconds: 2))
        #expect(news.waits("main", seconds: 60, at: 2) == .limited(provider: "main", seconds: 60))
        #expect(news.waits("main", seconds: 59, at: 3) == nil)
        #expect(news.waits("main", seconds: 2, at: 13) == .limited(provider: "main", seconds: 2))
    }

    @Test("an outage has one beginning and one end")
    func outage() {
        var news = TrafficNews(patience: 30)
        #expect(news.opened(one, words: "503", pause: 5, at: 10) == .down(one, words: "503", pause: 5))
        #expect(news.opened(one, words: "503", pause: 5, at: 15) == nil)
        #expect(news.closed(other, at: 16) == nil)
        #expect(news.closed(one, at: 70) == .back(one, seconds: 60))
        #expect(news.closed(one, at: 71) == nil)
        #expect(news.gaveUp(one, words: "503") == .givenUp(one, words: "503"))
        #expect(news.gaveUp(one, words: "503") == nil)
        news.answered(one, at: 100)
        #expect(news.gaveUp(one, words: "503") != nil)
    }

    @Test("an alternative is named once, until the model has answered by itself")
    func alternatives() {
        var news = TrafficNews(patience: 30)
        #expect(news.replaced(one, by: other, words: "500", at: 0) == .replaced(one, by: other, words: "500"))
        #expect(news.replaced(one, by: other, words: "500", at: 50) == nil)
        news.answered(one, at: 55)
        #expect(news.replaced(one, by: other, words: "500", at: 60) != nil)
        news.answered(one, at: 61)
        #expect(news.replaced(one, by: other, words: "500", at: 62) == nil)
    }

    @Test("calls that take long are told with the oldest, at each doubling, and again after a quick answer")
    func slow() {
        var news = TrafficNews(patience: 30)
        news.began(1, one, at: 0)
        news.began(2, one, at: 20)
        news.began(3, other, at: 25)
        #expect(news.overdue(at: 29).isEmpty)
        #expect(news.overdue(at: 31) == [.slow(one, calls: 2, seconds: 31)])
        #expect(news.overdue(at: 40).isEmpty)
        #expect(news.overdue(at: 62) == [.slow(one, calls: 2, seconds: 62), .slow(other, calls: 1, seconds: 37)])
        for id in 1...3 { news.ended(id) }
        news.answered(one, at: 63)
        #expect(news.isIdle && news.overdue(at: 500).isEmpty)
        news.began(4, one, at: 600)
        #expect(news.overdue(at: 630) == [.slow(one, calls: 1, seconds: 30)])
    }
}
