import EdisonTestKit
import Synchronization
import Testing

@Suite("The fuzzer itself")
struct FuzzerTests {
    @Test("a parser that does not come back is told, with the input that it hangs on")
    func hanging() {
        let hung = Mutex<(turn: Int, input: [UInt8])?>(nil)
        let isHanging = Mutex(true)
        let fuzzer = Fuzzer("that hangs", corpus: ["abc"], words: ["x"])
        var inputs: [[UInt8]] = []
        _ = fuzzer.run(
            seconds: 0.01, hanging: 0.1,
            hung: { turn, input in
                hung.withLock { $0 = (turn, input) }
                isHanging.withLock { $0 = false }
            },
            { input in
                inputs.append(input)
                while inputs.count == 3, isHanging.withLock(\.self) {}
            })
        #expect(hung.withLock { $0?.turn } == 2)
        #expect(hung.withLock { $0?.input } == inputs[2])
    }

    @Test("a parser that comes back is left alone, and inputs are the same again")
    func quick() {
        let runs = (0..<2).map { _ -> [[UInt8]] in
            var inputs: [[UInt8]] = []
            let fuzzer = Fuzzer("that is quick", corpus: ["abc"], words: ["x"], bytes: Fuzzer.noText)
            _ = fuzzer.run(seconds: 0.05, hanging: 5, hung: { _, _ in Issue.record("it does not hang") }) {
                inputs.append($0)
            }
            return inputs
        }
        let common = min(runs[0].count, runs[1].count)
        #expect(common > 10 && runs[0].prefix(common) == runs[1].prefix(common))
        #expect(runs[0].contains { String(validating: $0, as: UTF8.self) == nil })
    }
}
