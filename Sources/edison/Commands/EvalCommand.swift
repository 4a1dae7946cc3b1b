import ArgumentParser
import EdisonCore
import EdisonExperiments
import Foundation

/// Scores the prompt of a file, or compares its variants, without refining.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Scores the prompt of an experiment file on all cases, without refining.",
        discussion: "With variants: in the file, two to eight prompts or models are compared on the same cases.")

    @Argument(help: "The experiment file (YAML).") var file: String
    @OptionGroup var options: RunOptions
    @OptionGroup var place: ServerOptions

    func run() async throws {
        let read = try ExperimentFile.read(
            path: file, environment: ProcessInfo.processInfo.environment, overrides: options.overrides, purpose: .eval,
            callsElsewhere: place.isGiven)
        if let client = try place.client(database: options.database) {
            return try await ServerSession(options: options, place: place, client: client).run(read, kind: .eval)
        }
        try await RunSession(options: options).run(read, kind: .eval)
    }
}
