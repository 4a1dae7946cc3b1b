import EdisonCore
import EdisonJobs
import Testing

@testable import EdisonExperiments

@Suite("Jobs that somebody waits for")
struct OpenBatchesTests {
    private let jobs: [Job.ID] = (1...3).map { Job.ID("job \($0)") }

    @Test("a batch is over when its last job has ended, here or elsewhere")
    func over() {
        let batches = OpenBatches()
        let batch = batches.begin(jobs)
        batches.execute(jobs[0])
        batches.end([jobs[1]])
        #expect(batches.open(of: batch) == [jobs[0], jobs[2]])
        #expect(!batches.standing(of: batch).isExecuted)
        batches.execute(jobs[2])
        #expect(batches.standing(of: batch).isExecuted && !batches.standing(of: batch).isOver)
        batches.end([jobs[0], jobs[2]])
        #expect(batches.standing(of: batch).isOver && !batches.standing(of: batch).hasFailed)
    }

    @Test("a job that ended before anybody waited for it is not waited for")
    func early() {
        let batches = OpenBatches()
        batches.execute(jobs[0])
        batches.end([jobs[1]])
        batches.fail(jobs[2])
        let batch = batches.begin(jobs)
        #expect(batches.open(of: batch) == [jobs[0], jobs[2]])
        #expect(batches.standing(of: batch).hasFailed)
    }

    @Test("one batch does not end another")
    func apart() {
        let batches = OpenBatches()
        let first = batches.begin([jobs[0]])
        let second = batches.begin([jobs[1], jobs[2]])
        batches.fail(jobs[1])
        batches.end([jobs[0]])
        #expect(batches.standing(of: first).isOver && !batches.standing(of: first).hasFailed)
        #expect(!batches.standing(of: second).isOver && batches.standing(of: second).hasFailed)
        batches.forget(second, [jobs[1], jobs[2]])
        #expect(batches.open(of: second).isEmpty)
    }
}
