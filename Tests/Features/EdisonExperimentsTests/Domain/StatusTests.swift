import EdisonCore
import EdisonExperiments
import Testing

@Suite("States of iterations and experiments")
struct StatusTests {
    private static let course: [IterationStatus] = [
        .pending, .executing, .judging, .aggregating, .refining, .reviewing, .completed,
    ]

    @Test("an iteration goes through its states in the order of the loop")
    func order() throws {
        var status = IterationStatus.pending
        for next in Self.course.dropFirst() { status = try status.advanced(to: next) }
        #expect(status == .completed)
    }

    @Test("an iteration may fail or be cancelled until it has ended", arguments: course)
    func ending(_ status: IterationStatus) throws {
        for end in [IterationStatus.failed, .cancelled] {
            if status == .completed {
                #expect(throws: EdisonError.self) { try status.advanced(to: end) }
            } else {
                #expect(try status.advanced(to: end) == end)
            }
        }
    }

    @Test("no other move of an iteration is allowed", arguments: IterationStatus.allCases)
    func forbiddenMoves(_ status: IterationStatus) {
        var allowed: Set<IterationStatus> = status.isTerminal ? [] : [.failed, .cancelled]
        if let place = Self.course.firstIndex(of: status), place + 1 < Self.course.count {
            allowed.insert(Self.course[place + 1])
        }
        // Checks alone need no judge; a stop rule may end an iteration on its evidence; a reviewer may ask for changes.
        switch status {
        case .executing: allowed.insert(.aggregating)
        case .aggregating: allowed.insert(.completed)
        case .reviewing: allowed.insert(.refining)
        default: break
        }
        for next in IterationStatus.allCases where !allowed.contains(next) {
            let error = #expect(throws: EdisonError.self, "\(status) → \(next)") { try status.advanced(to: next) }
            #expect(error?.code == .conflict)
            #expect(error?.message == "An iteration cannot go from \(status.rawValue) to \(next.rawValue).")
        }
    }

    @Test("an iteration is never paused")
    func noPausedIteration() { #expect(!IterationStatus.allCases.map(\.rawValue).contains("paused")) }

    @Test(
        "an experiment may be started, paused, ended, gone on with and archived",
        arguments: [
            (ExperimentStatus.draft, ExperimentStatus.running), (.running, .paused), (.paused, .running),
            (.running, .completed), (.running, .failed), (.running, .cancelled), (.paused, .cancelled),
            (.completed, .running), (.failed, .running), (.completed, .archived), (.failed, .archived),
            (.cancelled, .archived),
        ])
    func allowedMoves(_ from: ExperimentStatus, _ to: ExperimentStatus) throws {
        #expect(try from.advanced(to: to) == to)
    }

    @Test(
        "an experiment cannot skip or go back",
        arguments: [
            (ExperimentStatus.draft, ExperimentStatus.paused), (.draft, .completed), (.draft, .failed),
            (.running, .draft), (.running, .archived), (.paused, .completed), (.paused, .draft), (.completed, .paused),
            (.completed, .draft), (.completed, .failed), (.failed, .completed), (.failed, .paused),
            (.cancelled, .completed), (.cancelled, .paused), (.cancelled, .running), (.archived, .running),
            (.archived, .draft),
            (.archived, .completed),
        ])
    func forbiddenMoves(_ from: ExperimentStatus, _ to: ExperimentStatus) {
        let error = #expect(throws: EdisonError.self) { try from.advanced(to: to) }
        #expect(error?.code == .conflict)
    }
}
