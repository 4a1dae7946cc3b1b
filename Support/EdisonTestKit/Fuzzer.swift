import Foundation

/// Feeds a parser with broken input: known inputs, mutated by a seeded generator, for a bounded time of work.
///
/// A crash ends the test process; its last words name parser, seed and turn, so that `EDISON_FUZZ_SEED` and
/// `EDISON_FUZZ_TURN` find the same input again. `EDISON_FUZZ_SECONDS` is the time of one parser (`bin/test fuzz`: ten
/// minutes); without it all parsers together take a minute.
package struct Fuzzer {
    /// Seconds of work; an input that took longer hangs, as good as.
    package static let longest = 2.0

    private let name: String
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]
    private let seed: UInt64

    /// - Parameter words: pieces that mean something to the parser, put in now and then.
    package init(_ name: String, corpus: [String], words: [String]) {
        self.name = name
        self.corpus = corpus.map { Array($0.utf8) }
        self.words = words.map { Array($0.utf8) }
        seed = Self.number("EDISON_FUZZ_SEED") ?? 20_261
    }

    package struct Outcome: Sendable {
        package let turns: Int
        /// Inputs that took too long, by their turn.
        package let slow: [Int]
    }

    package func run(_ parse: ([UInt8]) -> Void) -> Outcome {
        let seconds = Self.number("EDISON_FUZZ_SECONDS").map { Double($0) } ?? 7
        let end = Self.processorTime + seconds
        if let turn = Self.number("EDISON_FUZZ_TURN") {
            parse(input(Int(turn)))
            return Outcome(turns: 1, slow: [])
        }
        var slow: [Int] = []
        var turn = 0
        let trace = Trace(name, seed: seed)
        while Self.processorTime < end {
            let input = input(turn)
            trace.note(turn)
            let began = Self.processorTime
            parse(input)
            if Self.processorTime - began > Self.longest { slow.append(turn) }
            turn += 1
        }
        trace.end()
        return Outcome(turns: turn, slow: slow)
    }

    /// Seconds that this thread has worked: on a busy machine an input is no slower for having waited.
    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
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
