import EdisonCore
import EdisonExperiments
import Foundation

/// A small sound experiment file, and ways to change and read it.
enum SampleFile {
    static let text = """
        name: Triage
        goal: Sort messages into queues.
        rubric:
          - { name: Queue, weight: 0.6 }
          - { name: Tone, weight: 0.4 }
        prompt:
          text: "Message: {{message}}"
        providers:
          main: { provider: openai-compatible, base_url: "http://127.0.0.1:9/v1", api_key: sk-1 }
        models:
          - { provider: main, model: small }
        judges:
          - { provider: main, model: judge }
        refiner: { provider: main, model: refiner }
        datasets:
          - cases:
              - { input: { message: Hello } }

        """

    /// The text with one passage replaced; a passage that isn't there is a fault of the test.
    static func with(_ passage: String, _ replacement: String) throws -> String {
        guard text.contains(passage) else { throw EdisonError(.internal, "The sample has no \"\(passage)\".") }
        return text.replacing(passage, with: replacement)
    }

    static func adding(_ lines: String) -> String { text + lines + "\n" }

    static func read(
        _ text: String = text, files: [String: [UInt8]] = [:], environment: [String: String] = [:],
        overrides: ExperimentFile.Overrides = ExperimentFile.Overrides(), purpose: Experiment.Kind = .refine
    ) throws -> ExperimentFile {
        try inFolder(files) { folder in
            try ExperimentFile.read(
                text: text, name: "triage.yaml", in: FileEnvironment(folder: folder, variables: environment),
                overrides: overrides, purpose: purpose)
        }
    }

    static func definition(_ text: String = text, files: [String: [UInt8]] = [:]) throws -> ExperimentDefinition {
        try read(text, files: files).definition
    }

    /// Runs `use` with a folder that holds these files and is removed afterwards.
    static func inFolder<Value>(_ files: [String: [UInt8]], _ use: (URL) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("edison-test-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files {
            let place = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: place)
        }
        return try use(folder)
    }
}
