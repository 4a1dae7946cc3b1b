import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonJobs
import EdisonPrompts

/// Some cells of a run with the judges that they need, as a job that any process working on the run may take.
struct CellJob: JobParameters {
    static let kind: JobKind = "experiment.cells"
    /// More would leave too little to share between processes.
    static let mostCells = 32
    static let fewestCells = 4

    /// A cell by what every process can find it by.
    struct Place: Hashable, Sendable {
        let version: Int
        let testCase: String
        let model: String
        let replicate: Int
    }

    let places: [Place]
    let judges: Set<String>

    init(_ cells: [Cell], judges: Set<String>) {
        places = cells.map {
            Place(
                version: $0.version.number, testCase: $0.testCase.id.text, model: $0.model, replicate: $0.replicate)
        }
        self.judges = judges
    }

    init(json: JSONValue) throws {
        guard let cells = json["cells"]?.array, let judges = json["judges"]?.array else {
            throw EdisonError(.internal, "A job without cells.")
        }
        places = try cells.map { cell in
            guard let version = cell["version"]?.int, let testCase = cell["case"]?.string,
                let model = cell["model"]?.string, let replicate = cell["replicate"]?.int
            else { throw EdisonError(.internal, "A job with an unreadable cell: \(cell.text())") }
            return Place(version: Int(version), testCase: testCase, model: model, replicate: Int(replicate))
        }
        self.judges = Set(judges.compactMap(\.string))
    }

    var json: JSONValue {
        [
            "cells": .array(
                places.map {
                    [
                        "version": .integer(Int64($0.version)), "case": .string($0.testCase),
                        "model": .string($0.model), "replicate": .integer(Int64($0.replicate)),
                    ]
                }), "judges": .array(judges.sorted().map { .string($0) }),
        ]
    }

    /// The largest job of a run with so many calls at once: with a quarter of them in each, a process is busy although it
    /// leaves jobs for others.
    static func largest(concurrency: Int) -> Int { min(mostCells, max(fewestCells, concurrency / 4)) }

    /// How many jobs a worker takes at once: enough to fill the gate, and one that waits, so that the last cells of one do
    /// not leave it idle. More would leave nothing to others.
    static func jobsAtOnce(concurrency: Int) -> Int {
        let largest = largest(concurrency: concurrency)
        return 1 + (concurrency + largest - 1) / largest
    }

    /// Cuts cells into jobs: small enough that several workers have something to do, large enough that the queue costs
    /// little beside the calls and that those of one worker fill its gate.
    static func parts(_ cells: [Cell], concurrency: Int) -> [[Cell]] {
        let jobs = jobsAtOnce(concurrency: concurrency)
        let filling = (min(cells.count, concurrency) + jobs - 1) / jobs
        let size = max(fewestCells, filling, min(largest(concurrency: concurrency), (cells.count + 7) / 8))
        return stride(from: 0, to: cells.count, by: size).map { Array(cells[$0..<min($0 + size, cells.count)]) }
    }
}
