import ArgumentParser
import EdisonCore
import Foundation

/// The command line: a list of commands, and one place where an error becomes words and an exit status.
@main
struct Edison: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edison",
        abstract: "Turns a goal in plain words into a prompt that is proven.",
        discussion: "Start with: edison demo",
        version: edisonVersion,
        subcommands: [
            DemoCommand.self, ServeCommand.self, WorkerCommand.self, InitCommand.self, RefineCommand.self,
            EvalCommand.self,
            ResumeCommand.self,
            ReviewCommand.self, LabelCommand.self, GenerateCommand.self, RunsCommand.self, ImportCommand.self,
            BackupCommand.self, RestoreCommand.self, CopyCommand.self, MigrateCommand.self,
            DoctorCommand.self,
            DefaultsCommand.self, OpenAPICommand.self, SimulatorCommand.self, UserCommand.self,
        ])

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let status as ExitStatus {
            leave(status.rawValue)
        } catch let error as EdisonError {
            StandardError.write("edison: \(error)\n")
            leave(ExitStatus(error).rawValue)
        } catch is CancellationError {
            leave(ExitStatus.interrupted.rawValue)
        } catch {
            let code = exitCode(for: error)
            if code == .success {
                print(fullMessage(for: error))
                leave(0)
            }
            StandardError.write("\(fullMessage(for: error))\n")
            leave(ExitStatus.usage.rawValue)
        }
    }
}

/// What the program says to whoever started it.
enum ExitStatus: Int32, Error {
    case done = 0
    /// The score is below `--fail-under`, or `migrate --check` found steps missing.
    case belowBar = 1
    /// The command or the file is wrong.
    case usage = 2
    /// Nothing could be evaluated.
    case nothingEvaluated = 3
    /// A person must decide and there is no terminal.
    case awaitsPerson = 4
    case interrupted = 130

    init(_ error: EdisonError) {
        switch error.code {
        case .upstream, .unavailable, .internal, .budgetExceeded, .limited: self = .nothingEvaluated
        default: self = .usage
        }
    }
}
