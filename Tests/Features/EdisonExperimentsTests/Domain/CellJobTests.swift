import EdisonCore
import EdisonEvaluation
import EdisonPrompts
import Testing

@testable import EdisonExperiments

@Suite("Jobs of cells")
struct CellJobTests {
    private func cells(_ count: Int) -> [Cell] {
        let version = SampleRun.version(3).version
        return Sample.cases(count).map { Cell(version: version, testCase: $0, model: "writer") }
    }

    @Test("every cell is in one job, and jobs of a worker fill its gate", arguments: [1, 4, 8, 64, 512])
    func parts(_ concurrency: Int) {
        for count in [2, 8, 24, 100, 1_000] {
            let parts = CellJob.parts(cells(count), concurrency: concurrency)
            #expect(parts.reduce(0) { $0 + $1.count } == count)
            #expect(parts.allSatisfy { (1...CellJob.mostCells).contains($0.count) })
            let taken = parts.prefix(CellJob.jobsAtOnce(concurrency: concurrency)).reduce(0) { $0 + $1.count }
            #expect(taken >= min(count, concurrency), "the gate of \(concurrency) is not idle with \(count) cells")
        }
    }

    @Test("a large batch leaves jobs for other processes")
    func shared() {
        for concurrency in [8, 64] {
            let parts = CellJob.parts(cells(1_000), concurrency: concurrency)
            #expect(parts.count > 2 * CellJob.jobsAtOnce(concurrency: concurrency))
        }
    }

    @Test("what is stored is what is read")
    func form() throws {
        let job = CellJob(cells(3), judges: ["b", "a"])
        let read = try CellJob(json: try JSONValue(parsing: job.json.text()))
        #expect(read.places == job.places && read.judges == job.judges)
        #expect(job.json["judges"] == ["a", "b"])
        #expect(throws: EdisonError.self) { try CellJob(json: ["cells": [["version": 1]], "judges": []]) }
    }
}
