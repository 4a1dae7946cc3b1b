import EdisonCore
import Yams

extension FileNode {
    /// The whole of a text in YAML; nil when there is nothing in it.
    package static func root(of text: String, name: String, faults: FaultList) throws -> FileNode? {
        do {
            return try Yams.compose(yaml: text).map { FileNode(node: $0, path: "", faults: faults) }
        } catch let error as YamlError {
            throw EdisonError(.invalid, "\(name) is not YAML.", issues: [issue(of: error)], underlying: error)
        }
    }

    private static func issue(of error: YamlError) -> FieldIssue {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            FieldIssue(
                path: "",
                message: problem.contains("cannot start any token")
                    ? "a tab or another character that YAML does not allow here; indent with spaces" : problem,
                line: mark.line, column: mark.column)
        case .duplicatedKeysInMapping(let duplicates, let context):
            FieldIssue(
                path: "", message: "the key \(duplicates.first.map { "\($0)" } ?? "") stands twice",
                line: context.mark.line, column: context.mark.column)
        default: FieldIssue(path: "", message: "\(error)")
        }
    }
}
