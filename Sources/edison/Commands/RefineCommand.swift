import ArgumentParser
import EdisonCore
import EdisonExperiments
import Foundation

/// Refines the prompt of a file.
struct RefineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refine", abstract: "Refines the prompt of an experiment file until a stop rule says stop.",
        discussion: "Started again with the same file, an unfinished run goes on and a finished one shows its result.")

    @Argument(help: "The experiment file (YAML).") var file: String
    @OptionGroup var options: RunOptions
    @OptionGroup var place: ServerOptions

    func run() async throws {
        let read = try ExperimentFile.read(
            path: file, environment: ProcessInfo.processInfo.environment, overrides: options.overrides,
            purpose: .refine,
            callsElsewhere: place.isGiven)
        if let client = try place.client(database: options.database) {
            return try await ServerSession(options: options, place: place, client: client).run(read, kind: .refine)
        }
        try await RunSession(options: options).refine(read)
    }
}
