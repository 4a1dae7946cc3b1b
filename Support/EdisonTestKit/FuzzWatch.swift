import Foundation
import Synchronization

/// Ends a parser that never comes back: from inside it nobody can, so another thread looks at how long the thread of the
/// parser has worked on one input.
final class FuzzWatch: Sendable {
    private struct Turn {
        let number: Int
        let input: [UInt8]
        let began: Double
    }

    private let turn = Mutex<Turn?>(nil)
    private let isOver = Mutex(false)

    /// - Parameters:
    ///   - longest: seconds of work of the thread that makes this watch.
    ///   - hung: what to do about an input that takes longer; called from another thread.
    init(longest: Double, hung: @escaping @Sendable (_ turn: Int, _ input: [UInt8]) -> Void) {
        var clock = clockid_t()
        pthread_getcpuclockid(pthread_self(), &clock)
        let worked = clock
        let thread = Thread { [self] in
            while !isOver.withLock(\.self) {
                Thread.sleep(forTimeInterval: min(0.5, longest / 4))
                let now = Self.time(worked)
                let late = turn.withLock { turn in turn.flatMap { now - $0.began > longest ? $0 : nil } }
                guard let late else { continue }
                hung(late.number, late.input)
                return
            }
        }
        thread.start()
    }

    func begin(_ number: Int, _ input: [UInt8]) {
        let now = Self.processorTime
        turn.withLock { $0 = Turn(number: number, input: input, began: now) }
    }

    func end() {
        turn.withLock { $0 = nil }
        isOver.withLock { $0 = true }
    }

    /// Seconds that this thread has worked: on a busy machine an input is no slower for having waited.
    static var processorTime: Double { time(CLOCK_THREAD_CPUTIME_ID) }

    private static func time(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
