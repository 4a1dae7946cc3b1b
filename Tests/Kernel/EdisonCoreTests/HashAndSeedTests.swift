import EdisonCore
import Testing

@Suite("Content hashes and derived seeds")
struct HashAndSeedTests {
    @Test("a content hash is the SHA-256 in 64 digits")
    func knownHashes() {
        #expect(ContentHash(of: "").text == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(ContentHash(of: "abc").text == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(ContentHash(of: [0x61, 0x62, 0x63] as [UInt8]) == ContentHash(of: "abc"))
        #expect(ContentHash(of: "\u{E9}") != ContentHash(of: "e\u{301}"))
        #expect(ContentHash(stored: "x").description == "x")
    }

    @Test("equal JSON has an equal hash, whatever the order of keys and the form of numbers")
    func jsonHashes() throws {
        let one = try JSONValue(parsing: #"{"a": 1.0, "b": {"d": [1, 2], "c": "\u00e9"}}"#)
        let other = try JSONValue(parsing: #"{ "b": {"c": "é", "d": [1.0, 2]}, "a": 1 }"#)
        #expect(ContentHash(of: one) == ContentHash(of: other))
        #expect(
            ContentHash(of: one) != ContentHash(of: try JSONValue(parsing: #"{"a": 1, "b": {"d": [2, 1], "c": "é"}}"#)))
        #expect(ContentHash(of: JSONValue.string("1")) != ContentHash(of: JSONValue.integer(1)))
    }

    /// The first eight bytes of SHA-256 over `1:1`, `4:race`, `1:2`, reckoned by another program.
    @Test("a derived seed is the same on every machine")
    func knownSeeds() {
        #expect(DerivedSeed(1, "race", "2").value == 14096636502505348551)
        #expect(DerivedSeed(0).value == 11990938716539812860)
        #expect(DerivedSeed(.max, "é", "").value == 6122731233933205424)
        #expect(DerivedSeed(1, ["race", "2"]) == DerivedSeed(1, "race", "2"))
    }

    @Test("no two uses share a seed, however their parts are cut")
    func parts() {
        let seeds = [
            DerivedSeed(1, "ab", "c"), DerivedSeed(1, "a", "bc"), DerivedSeed(1, "abc"), DerivedSeed(1, "abc", ""),
            DerivedSeed(1, "", "abc"), DerivedSeed(1, "c", "ab"), DerivedSeed(11, "bc"), DerivedSeed(1, "1", "bc"),
            DerivedSeed(1),
            DerivedSeed(1, ""), DerivedSeed(1, "2:ab"), DerivedSeed(2, "ab", "c"), DerivedSeed(1, "AB", "c"),
        ]
        #expect(Set(seeds.map(\.value)).count == seeds.count)
    }

    @Test("twenty thousand uses have as many seeds")
    func collisions() {
        var values: Set<UInt64> = []
        for iteration in 0..<100 {
            for index in 0..<200 { values.insert(DerivedSeed(7, "refine", String(iteration), String(index)).value) }
        }
        #expect(values.count == 20_000)
    }

    /// Streams of neighbouring seeds: each bit is set half of the time, and no bit of one stream tells that of another.
    @Test("streams of different purposes are independent")
    func independence() {
        let count = 4_000
        let purposes = ["race", "split", "parent", "bootstrap"]
        let streams = purposes.map { purpose in (0..<count).map { DerivedSeed(1, purpose, String($0)).value } }
        // Six standard deviations of a fair coin.
        let bound = 6 * (Double(count) / 4).squareRoot()
        for stream in streams {
            for bit in 0..<64 {
                let set = stream.count { $0 >> UInt64(bit) & 1 == 1 }
                #expect(abs(Double(set) - Double(count) / 2) < bound)
            }
        }
        for (index, one) in streams.enumerated() {
            for other in streams[(index + 1)...] {
                for shift in [0, 1, 7] {
                    let same = (0..<count).count { (one[$0] ^ other[($0 + shift) % count]) >> 63 == 0 }
                    #expect(abs(Double(same) - Double(count) / 2) < bound)
                }
            }
        }
        let next = zip(streams[0], streams[0].dropFirst()).count { ($0 ^ $1) >> 63 == 0 }
        #expect(abs(Double(next) - Double(count) / 2) < bound)
    }

    @Test("providers get seeds of 31 bits, which still differ")
    func providerSeeds() {
        let seeds = (0..<2_000).map { DerivedSeed(1, "execute", String($0)).providerSeed }
        #expect(seeds.allSatisfy { (0...Int(Int32.max)).contains($0) })
        #expect(Set(seeds).count > 1_990)
    }

    @Test("bytes are ordered alike everywhere")
    func bytewiseOrder() {
        #expect(
            ["b", "a", "Z", "é", "e\u{301}", "", "aa"].sorted(by: bytewise) == [
                "", "Z", "a", "aa", "b", "e\u{301}", "é",
            ])
        #expect(!bytewise("a", "a"))
    }
}
