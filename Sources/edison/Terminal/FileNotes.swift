import EdisonCore
import EdisonExperiments

/// What a person should know of a file before it is run.
struct FileNotes {
    private let lines: [String]

    init(_ file: ExperimentFile, _ kind: Experiment.Kind) {
        let advice = kind == .refine ? file.definition.holdoutAdvice : nil
        lines =
            file.rejectedRows.map { "left out: \($0)" }
            + (file.warnings + [advice].compactMap(\.self)).map { "note: \($0)" }
    }

    func say() { for line in lines { StandardError.line(line) } }
}
