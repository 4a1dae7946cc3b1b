package import EdisonCore
import Yams

/// A value of a file in YAML that knows its path, line and column, so that every fault can name its place.
package struct FileNode {
    let node: Node
    let path: String
    let faults: FaultList
    /// Where its key stands, in a mapping.
    var key: Mark?

    package var line: Int? { node.mark?.line }
    package var column: Int? { node.mark?.column }

    /// A fault of the key itself, not of what stands behind it.
    func keyFault(_ message: String) {
        faults.add(
            FieldIssue(path: path, message: message, line: key?.line ?? line, column: key?.column ?? column))
    }

    func fault(_ message: String, at key: String? = nil) {
        faults.add(
            FieldIssue(path: key.map { "\(path)\($0)" } ?? path, message: message, line: line, column: column))
    }

    /// The entries of a mapping, in their order; anything else is a fault.
    func members() -> [(key: String, value: FileNode)] {
        guard case .mapping(let mapping) = node else {
            fault("must be a mapping (key: value)")
            return []
        }
        return mapping.compactMap { key, value in
            guard let name = key.string else { return nil }
            return (
                name,
                FileNode(
                    node: value, path: path.isEmpty ? name : "\(path).\(name)", faults: faults, key: key.mark)
            )
        }
    }

    package func elements() -> [FileNode] {
        guard case .sequence(let sequence) = node else {
            fault("must be a list")
            return []
        }
        return sequence.enumerated().map { FileNode(node: $1, path: "\(path)[\($0)]", faults: faults) }
    }

    var isMapping: Bool { if case .mapping = node { true } else { false } }
    package var isSequence: Bool { if case .sequence = node { true } else { false } }
    var isNull: Bool { node.tag == Tag(.null) }

    package func string() -> String? {
        if case .scalar(let scalar) = node, !isNull { return scalar.string }
        fault("must be text")
        return nil
    }

    func double() -> Double? {
        if let value = node.float ?? node.int.map(Double.init), value.isFinite { return value }
        fault("must be a number")
        return nil
    }

    func int() -> Int? {
        if let value = node.int { return value }
        fault("must be a whole number")
        return nil
    }

    func bool() -> Bool? {
        if let value = node.bool { return value }
        fault("must be true or false")
        return nil
    }

    /// The value as JSON: what a case's input or a provider's extra settings become.
    func json() -> JSONValue {
        switch node {
        case .mapping(let mapping):
            return .object(
                JSONObject(
                    mapping.map { key, value in
                        (key.string ?? "", FileNode(node: value, path: path, faults: faults).json())
                    }))
        case .sequence(let sequence):
            return .array(sequence.map { FileNode(node: $0, path: path, faults: faults).json() })
        case .scalar(let scalar):
            if isNull { return .null }
            // Only what JSON takes for a truth value or a number is one: YAML 1.1 would make truth values of `no` and
            // `on`, minutes of `12:30`, and an octal of `0123`, which in a case are a person's words.
            if scalar.style == .plain, let value = try? JSONValue(parsing: scalar.string), value.isPlainScalar {
                return value
            }
            return .string(scalar.string)
        case .alias: return .null
        }
    }
}

extension JSONValue {
    /// A number or a truth value.
    fileprivate var isPlainScalar: Bool {
        switch self {
        case .bool, .integer, .number: true
        default: false
        }
    }
}

/// Gathers the faults of one file, so that a person sees all of them at once.
package final class FaultList {
    package private(set) var issues: [FieldIssue] = []

    package init() {}

    func add(_ issue: FieldIssue) { issues.append(issue) }
}
