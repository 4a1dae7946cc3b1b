import EdisonCore
import EdisonTestKit
import Foundation
import Testing

@Suite("Moments")
struct TimestampTests {
    @Test(
        "the text is RFC 3339 in UTC with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_700_000_000_123_000, "2023-11-14T22:13:20.123Z"),
            (1_709_164_800_000_000, "2024-02-29T00:00:00.000Z"), (-1_000_000, "1969-12-31T23:59:59.000Z"),
            (253_402_300_799_000_000, "9999-12-31T23:59:59.000Z"),
        ] as [(Int64, String)])
    func text(_ microseconds: Int64, _ text: String) { #expect(Timestamp(microseconds: microseconds).rfc3339 == text) }

    @Test("every moment has the form, within a millisecond of itself")
    func form() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for round in 0..<500 {
            var draw = SeededGenerator(round)
            let moment = Timestamp(microseconds: Int64.random(in: 0...4_102_444_800_000_000, using: &draw))
            let text = moment.rfc3339
            #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(text)")
            let read = Timestamp(try Date(text, strategy: style))
            #expect(abs(read.microseconds - moment.microseconds) <= 1_000)
        }
    }

    @Test("moments are moved and compared to the microsecond")
    func arithmetic() {
        let start = Timestamp(microseconds: 5)
        let later = start.advanced(by: .seconds(1) + .microseconds(2))
        #expect(later.microseconds == 1_000_007)
        #expect(later.duration(since: start) == .microseconds(1_000_002))
        #expect(start.duration(since: later) == .microseconds(-1_000_002))
        #expect(start < later)
        #expect(later.advanced(by: .microseconds(-1_000_002)) == start)
        #expect(start.advanced(by: .nanoseconds(999)) == start)
    }

    @Test("a date is rounded to the microsecond, and now is now")
    func dates() {
        #expect(Timestamp(Date(timeIntervalSince1970: 1.000_000_4)).microseconds == 1_000_000)
        #expect(Timestamp(Date(timeIntervalSince1970: -0.5)).microseconds == -500_000)
        #expect(abs(Timestamp.now.microseconds - Int64(Date().timeIntervalSince1970 * 1_000_000)) < 5_000_000)
    }
}
