package import EdisonCore
import EdisonDatasets
import EdisonEvaluation
import EdisonLLM
import EdisonPrompts
import Foundation

/// An experiment file, read: YAML (or JSON, which is YAML too) into a definition, or all its faults with their places.
package struct ExperimentFile: Sendable {
    package let definition: ExperimentDefinition
    /// Rows of datasets that were left out, with the reasons; the run goes on without them.
    package let rejectedRows: [String]
    /// Things that are allowed and probably not meant.
    package let warnings: [String]
    /// The file itself and all that it refers to, as absolute paths.
    package var sources: [String] = []

    /// What is decided on the command line and stands above the file.
    package struct Overrides: Sendable {
        package var seed: UInt64?
        package var maxBudget: Money?
        package var concurrency: Int?

        package init(seed: UInt64? = nil, maxBudget: Money? = nil, concurrency: Int? = nil) {
            self.seed = seed
            self.maxBudget = maxBudget
            self.concurrency = concurrency
        }
    }

    /// - Parameter callsElsewhere: whether a server makes the calls, so that no key and no address is needed here.
    package static func read(
        path: String, environment: [String: String], overrides: Overrides = Overrides(), purpose: Experiment.Kind,
        callsElsewhere: Bool = false
    ) throws -> ExperimentFile {
        let url = URL(fileURLWithPath: path)
        var surroundings = FileEnvironment(folder: url.deletingLastPathComponent(), variables: environment)
        surroundings.callsElsewhere = callsElsewhere
        let file = try read(
            text: try surroundings.text(of: url.lastPathComponent), name: path, in: surroundings, overrides: overrides,
            purpose: purpose)
        var definition = file.definition
        definition.file = url.standardizedFileURL.path
        return ExperimentFile(
            definition: definition, rejectedRows: file.rejectedRows, warnings: file.warnings,
            sources: surroundings.read.all)
    }

    package static func read(
        text: String, name: String, in surroundings: FileEnvironment, overrides: Overrides = Overrides(),
        purpose: Experiment.Kind
    ) throws -> ExperimentFile {
        let faults = FaultList()
        guard let root = try FileNode.root(of: text, name: name, faults: faults) else {
            throw EdisonError(
                .invalid, "\(name) is empty.", detail: "Write a first file with: edison init \"GOAL\"")
        }
        var reader = ExperimentFileReader(surroundings: surroundings, faults: faults, purpose: purpose)
        let file = reader.read(root, overrides: overrides)
        guard faults.issues.isEmpty, let file else {
            throw EdisonError(
                .invalid, "\(name) has \(faults.issues.count == 1 ? "a fault" : "\(faults.issues.count) faults"):",
                issues: faults.issues.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) })
        }
        return file
    }
}
