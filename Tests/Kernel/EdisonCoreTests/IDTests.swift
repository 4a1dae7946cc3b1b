import EdisonCore
import EdisonTestKit
import Testing

@Suite("Identities")
struct IDTests {
    private enum Thing {}

    private func uuid(_ milliseconds: Int64, _ high: UInt64 = 0, _ low: UInt64 = 0) -> String {
        UUIDv7(at: Timestamp(microseconds: milliseconds * 1_000), random: (high, low)).text
    }

    @Test("an id is a UUID of version 7 with the variant of RFC 9562, in lower case")
    func form() throws {
        for _ in 0..<500 {
            let text = IDSource.random.next(Thing.self).text
            #expect(
                text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil,
                "\(text)")
        }
    }

    @Test("the example of RFC 9562 comes out")
    func example() {
        // RFC 9562, A.6: 2022-02-22T19:22:22.00Z, rand_a = 0xCC3, rand_b = 0x18C4DC0C0C07398F.
        #expect(uuid(0x017F_22E2_79B0, 0xCC3, 0x18C4_DC0C_0C07_398F << 2) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
        #expect(uuid(0) == "00000000-0000-7000-8000-000000000000")
        #expect(uuid(0, .max, .max) == "00000000-0000-7fff-bfff-ffffffffffff")
    }

    @Test("ids sort by the time at which they were made, as text and as ids")
    func order() {
        var draw = SeededGenerator(1)
        let times = (0..<500).map { _ in Int64.random(in: 0...253_402_300_799_999, using: &draw) }.sorted()
        let texts = times.map { uuid($0, draw.next(), draw.next()) }
        for (index, pair) in zip(texts, texts.dropFirst()).enumerated() where times[index] < times[index + 1] {
            #expect(pair.0.utf8.lexicographicallyPrecedes(pair.1.utf8))
            #expect(ID<Thing>(pair.0) < ID<Thing>(pair.1))
        }
    }

    @Test("the time is read from the clock, in milliseconds")
    func clock() throws {
        let before = Timestamp.now.microseconds / 1_000
        let text = IDSource.random.next(Thing.self).text
        let after = Timestamp.now.microseconds / 1_000
        let made = try #require(Int64(text.prefix(13).filter { $0 != "-" }, radix: 16))
        #expect((before...after).contains(made))
    }

    @Test("a moment before 1970 counts as the beginning")
    func beforeTheBeginning() { #expect(uuid(-5).hasPrefix("00000000-0000-7")) }

    @Test("ten thousand ids are all different")
    func uniqueness() {
        #expect(Set((0..<10_000).map { _ in IDSource.random.next(Thing.self).text }).count == 10_000)
    }

    @Test("a source can be fixed")
    func source() {
        let source = IDSource { UUIDv7(at: Timestamp(microseconds: 1_000), random: (2, 3)) }
        #expect(source.next(Thing.self) == ID("00000000-0001-7002-8000-000000000000"))
        #expect(source.next(Thing.self).description == "00000000-0001-7002-8000-000000000000")
    }
}
