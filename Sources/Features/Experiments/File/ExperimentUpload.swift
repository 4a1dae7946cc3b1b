package import EdisonCore
import EdisonDatasets
package import EdisonLLM

/// An experiment file as the API of a server takes it, so that the run there is the one that it would be here. Keys and
/// addresses stay here: models name credentials of the server.
package struct ExperimentUpload: Sendable {
    package let request: JSONObject
    /// What finds the experiment again: the same file, command and seed.
    package let reference: String

    /// - Parameter credentials: ids of the server, by the names that the file has for its providers.
    package init(_ file: ExperimentFile, kind: Experiment.Kind, credentials: [String: String]) throws {
        let definition = file.definition
        reference = "edison:\(definition.identity(kind: kind).text)"
        var parts = try Self.parts(of: definition, kind: kind)
        for key in ["models", "judges", "variants"] {
            parts[key] = parts[key]?.array.map { .array($0.map { Self.role($0, credentials) }) }
        }
        for key in ["refiner", "embedding"] { parts[key] = parts[key].map { Self.role($0, credentials) } }
        if var safety = parts["safety"]?.object, let scanner = safety["scanner"] {
            safety["scanner"] = Self.role(scanner, credentials)
            parts["safety"] = .object(safety)
        }
        parts["prompt"] = parts["prompt"].map(Self.prompt)
        parts["stop_rules"] = parts["stop"]
        for key in ["stop", "providers"] { parts[key] = nil }
        parts["name"] = .string(definition.name)
        parts["kind"] = .string(kind.rawValue)
        parts["reference"] = .string(reference)
        parts["concurrency"] = JSONValue(definition.loop.concurrency)
        let cases = definition.cases.map(\.content)
        let drafted = parts["datasets"]?.array ?? []
        parts["datasets"] = .array((cases.isEmpty ? [] : [["cases": .array(cases)]]) + drafted)
        request = parts
    }

    /// What may change of one that has not begun: all but what it is.
    package var changes: JSONObject {
        var changes = request
        changes["kind"] = nil
        return changes
    }

    /// The limits alone, which may change once a run has begun.
    package var limits: JSONObject { ["stop_rules": request["stop_rules"] ?? [:]] }

    /// The providers that a file calls, by its names for them.
    package static func providers(of file: ExperimentFile) -> [(name: String, endpoint: Endpoint)] {
        var seen: Set<String> = []
        return file.definition.references.map(\.endpoint).filter { seen.insert($0.credentialID).inserted }
            .map { ($0.credentialID, $0) }
    }

    /// The file that would be written for a run like this one, without its cases.
    private static func parts(of definition: ExperimentDefinition, kind: Experiment.Kind) throws -> JSONObject {
        let run = StoredRun(
            experiment: Experiment(
                id: Experiment.ID("new"), kind: kind, identity: definition.identity(kind: kind), name: definition.name,
                status: .draft, stopReason: nil, seed: definition.seed, createdAt: .now),
            file: nil, finishedAt: nil, iterations: 0, outcome: nil, production: nil)
        let text = RunFile(definition: definition.stored(isDrafted: false), cases: [], of: run, casesFile: "").text
        return try FileNode.root(of: text, name: "The file", faults: FaultList())?.json().object ?? [:]
    }

    private static func role(_ value: JSONValue, _ credentials: [String: String]) -> JSONValue {
        guard var role = value.object else { return value }
        if let name = role["provider"]?.string {
            role["credential_id"] = .string(credentials[name] ?? name)
            role["provider"] = nil
        }
        role["alternatives"] = role["alternatives"]?.array.map { .array($0.map { Self.role($0, credentials) }) }
        role["prompt"] = role["prompt"].map(prompt)
        return .object(role)
    }

    private static func prompt(_ value: JSONValue) -> JSONValue {
        guard var prompt = value.object else { return value }
        for (key, name) in [("system", "system_text"), ("tools", "tools_schema")] {
            if let value = prompt[key], !value.isNull { prompt[name] = value }
            prompt[key] = nil
        }
        return .object(prompt)
    }
}
