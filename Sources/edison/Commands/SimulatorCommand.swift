import ArgumentParser
import EdisonCore
import Foundation
import NIOCore
import ProviderSimulator

/// A simulated provider on loopback, for demos, tests and trying files without a key.
struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulator",
        abstract: "Runs a simulated provider that speaks the formats of OpenAI, Anthropic and Ollama.",
        discussion: """
            apprentice obeys the text of the prompt, judges outputs and proposes edits: a whole loop without a key.
            echo repeats the message. script answers by the rules of a file.
            """)

    enum Behaviour: String, ExpressibleByArgument, CaseIterable { case apprentice, echo, script }

    @Option(help: "Where to listen; 0 takes a free port.") var port = 11_500
    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(help: "apprentice, echo or script.") var behaviour = Behaviour.apprentice
    @Option(help: "Rules for script (JSON).") var script: String?
    @Option(help: "A further task for the apprentice (JSON).") var task: String?
    @Option(help: "Faults to make (JSON).") var faults: String?
    @Option(help: "The key that requests must carry; others are refused.") var apiKey: String?
    @Option(help: "Milliseconds before each answer.") var latency = 0
    @Option(help: "Writes one JSON line a request into this file.") var log: String?
    @Flag(help: "Puts the requests' bodies into the log as well.") var logBodies = false

    @Flag(help: .hidden) var untilInputEnds = false

    func validate() throws {
        if !(0...65_535).contains(port) { throw ValidationError("--port lies between 0 and 65535; 0 takes a free one") }
        if latency < 0 { throw ValidationError("--latency is 0 or more milliseconds") }
    }

    func run() async throws {
        let configuration = SimulatorConfiguration(
            host: host, port: port, behaviour: try behaviours(), faults: try plan(), apiKey: apiKey,
            latency: .milliseconds(latency), logFile: log, logsBodies: logBodies)
        if untilInputEnds { Self.leaveWithInput() }
        let host = host
        do {
            try await Simulator(configuration).run { port in Self.announce(host, port) }
        } catch let error as IOError {
            throw EdisonError(
                .unavailable, "Cannot listen on \(host):\(port): \(String(cString: strerror(error.errnoCode))).",
                detail: "Choose another port with --port, or --port 0 for a free one.", underlying: error)
        }
    }

    /// For a parent that may be killed: nobody else would end its simulator.
    private static func leaveWithInput() {
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while read(STDIN_FILENO, &byte, 1) > 0 {}
            leave(0)
        }
    }

    private static func announce(_ host: String, _ port: Int) {
        StandardOutput.line("simulated provider on http://\(host):\(port)")
        StandardError.line("OpenAI: base_url http://\(host):\(port)/v1 · Anthropic and Ollama: http://\(host):\(port)")
    }

    private func behaviours() throws -> SimulatorConfiguration.Behaviour {
        switch behaviour {
        case .echo: return .echo
        case .script:
            guard let script else { throw ValidationError("--behaviour script needs --script FILE") }
            return .script(try ScriptRule.rules(json: try json(script)))
        case .apprentice:
            let own = try task.map { [try ApprenticeTask(json: try json($0))] } ?? []
            return .apprentice(own + ApprenticeTask.shipped)
        }
    }

    private func plan() throws -> FaultPlan { try faults.map { try FaultPlan(json: try json($0)) } ?? FaultPlan() }

    private func json(_ path: String) throws -> JSONValue {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EdisonError(.notFound, "Cannot read \"\(path)\".")
        }
        do { return try JSONValue(parsing: data) } catch {
            throw EdisonError(.invalid, "\(path) is not JSON: \(error).")
        }
    }
}
