import Foundation

/// Feeds a parser with broken input: known inputs, mutated by a seeded generator, for a bounded time of work.
///
/// Which code an input reaches is not known to it.
///
/// A crash ends the test process, and so does an input that a parser does not come back from; its last words name parser,
/// seed and turn, so that `EDISON_FUZZ_SEED` and `EDISON_FUZZ_TURN` find the same input again. `EDISON_FUZZ_SECONDS` is the time of one parser (`bin/test fuzz`: ten
/// minutes); without it all parsers together take a minute.
package struct Fuzzer {
    /// Seconds of work; an input that took longer is too slow.
    package static let longest = 2.0
    /// Seconds of work after which nobody waits any more.
    package static let hanging = 60.0

    private let name: String
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]
    private let seed: UInt64

    /// Pieces that are no UTF-8: a byte that never occurs, the beginning and the rest of a letter, a slash in two bytes, half
    /// of a pair of UTF-16, and what lies above the last character.
    package static let noText: [[UInt8]] = [
        [0xFF], [0xC3], [0xA4], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F],
    ]

    /// - Parameters:
    ///   - words: pieces that mean something to the parser, put in now and then.
    ///   - bytes: more of them, for parsers that are given bytes.
    package init(_ name: String, corpus: [String], words: [String], bytes: [[UInt8]] = []) {
        self.name = name
        self.corpus = corpus.map { Array($0.utf8) }
        self.words = words.map { Array($0.utf8) } + bytes
        seed = Self.number("EDISON_FUZZ_SEED") ?? 20_261
    }

    package struct Outcome: Sendable {
        package let turns: Int
        /// Inputs that took too long, by their turn.
        package let slow: [Int]
    }

    /// - Parameters:
    ///   - seconds: of work; nil: what the environment says.
    ///   - hung: what to do about an input that the parser does not come back from; by default the process ends.
    package func run(
        seconds: Double? = nil, hanging: Double = Self.hanging,
        hung: (@Sendable (_ turn: Int, _ input: [UInt8]) -> Void)? = nil,
        _ parse: ([UInt8]) -> Void
    ) -> Outcome {
        let seconds = seconds ?? Self.number("EDISON_FUZZ_SECONDS").map { Double($0) } ?? 5
        let end = FuzzWatch.processorTime + seconds
        let watch = FuzzWatch(longest: hanging, hung: hung ?? { [name, seed] in Self.end(name, seed, $0, $1) })
        defer { watch.end() }
        if let turn = Self.number("EDISON_FUZZ_TURN") {
            let input = input(Int(turn))
            watch.begin(Int(turn), input)
            parse(input)
            return Outcome(turns: 1, slow: [])
        }
        var slow: [Int] = []
        var turn = 0
        let trace = Trace(name, seed: seed)
        while FuzzWatch.processorTime < end {
            let input = input(turn)
            trace.note(turn)
            watch.begin(turn, input)
            let began = FuzzWatch.processorTime
            parse(input)
            if FuzzWatch.processorTime - began > Self.longest { slow.append(turn) }
            turn += 1
        }
        trace.end()
        return Outcome(turns: turn, slow: slow)
    }

    /// A thread cannot be ended from outside, so the process is.
    private static func end(_ name: String, _ seed: UInt64, _ turn: Int, _ input: [UInt8]) -> Never {
        let words =
            "The parser \"\(name)\" hangs on turn \(turn) (EDISON_FUZZ_SEED=\(seed) EDISON_FUZZ_TURN=\(turn)), "
            + "in base 64: \(Data(input).base64EncodedString())\n"
        FileHandle.standardError.write(Data(words.utf8))
        abort()
    }

    /// The input of one turn: a function of seed and turn alone.
    private func input(_ turn: Int) -> [UInt8] {
        var draw = Draw(state: seed &+ UInt64(turn) &* 0x9E37_79B9_7F4A_7C15)
        var bytes = corpus[draw.below(corpus.count)]
        for _ in 0...draw.below(6) { mutate(&bytes, &draw) }
        return Array(bytes.prefix(65_536))
    }

    private func mutate(_ bytes: inout [UInt8], _ draw: inout Draw) {
        let place = draw.below(bytes.count + 1)
        let length = draw.below(min(bytes.count - place, 64) + 1)
        switch draw.below(8) {
        case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8(draw.below(8)) }
        case 1: bytes.insert(UInt8(draw.below(256)), at: place)
        case 2: bytes.removeSubrange(place..<place + length)
        case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        case 4, 5: bytes.insert(contentsOf: words[draw.below(words.count)], at: place)
        case 6:
            let other = corpus[draw.below(corpus.count)]
            let start = draw.below(other.count + 1)
            bytes.replaceSubrange(place..<place + length, with: other[start...].prefix(64))
        default:
            // Depth and length: the same piece many times.
            let piece = words[draw.below(words.count)]
            for _ in 0..<draw.below(200) { bytes.insert(contentsOf: piece, at: place) }
        }
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    /// SplitMix64: small, and the same on every machine.
    private struct Draw {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return bound > 0 ? Int((z ^ (z >> 31)) % UInt64(bound)) : 0
        }
    }

    /// The turn that is under way, in a file that outlives a crash and goes away without one.
    private final class Trace {
        private let path: String
        private let file: FileHandle?

        init(_ name: String, seed: UInt64) {
            path = NSTemporaryDirectory() + "edison-fuzz-\(name)-\(seed)-\(ProcessInfo.processInfo.processIdentifier)"
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            file = FileHandle(forWritingAtPath: path)
        }

        func note(_ turn: Int) {
            file?.seek(toFileOffset: 0)
            file?.write(Data("\(turn)\n".utf8))
        }

        func end() {
            try? file?.close()
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
