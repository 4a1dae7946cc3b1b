import ArgumentParser
import EdisonCore
import EdisonExperiments
import EdisonPrompts
import EdisonResources
import Foundation

/// Shows the whole loop in under a minute, against a simulated provider that this command starts and ends.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Watches a prompt improve, without a key: a simulated provider answers.",
        discussion: "The provider is simulated and runs on this machine; nothing is sent anywhere else.")

    @OptionGroup var options: RunOptions
    @Option(help: "The refiner's model; refiner-noise proposes edits that do not help.") var refiner = "refiner"

    @Flag(name: .customLong("kill"), help: "Kills the demo twice on the way, and counts what was paid again.")
    var isKilled = false

    func run() async throws {
        var options = options
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("edison-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let isTemporary = options.database == RunOptions.defaultDatabase
        if isTemporary {
            options.database = folder.appendingPathComponent("demo.db").path
        }
        options.yes = true
        let log = folder.appendingPathComponent("requests.jsonl")
        let simulator = try SimulatorProcess.start(isKilled ? ["--log", log.path] : [])
        defer { simulator.stop() }
        let cases = folder.appendingPathComponent("cases.jsonl")
        try Data(try Asset.text("Experiments/Templates/demo-cases.jsonl").utf8).write(to: cases)
        let text = try Asset.text("Experiments/Templates/demo.yaml")
        let path = folder.appendingPathComponent("demo.yaml")
        try Data(text.utf8).write(to: path)
        let variables = ["EDISON_DEMO_URL": simulator.address, "EDISON_DEMO_REFINER": refiner]
        let file = try ExperimentFile.read(
            text: text, name: "demo.yaml", in: FileEnvironment(folder: folder, variables: variables),
            overrides: options.overrides, purpose: .refine)
        if options.json != "-" { introduce(file.definition) }
        let killed = KilledDemo(
            simulator: simulator, log: log, database: options.database, refiner: refiner,
            isSilent: options.json == "-")
        let kills = isKilled ? try await killed.killTwice(file: path.path, arguments: options.sitting) : 0
        try await RunSession(options: options, isDemo: true, isTemporary: isTemporary).refine(file)
        if isKilled { try await killed.account(kills: kills) }
    }

    private func introduce(_ definition: ExperimentDefinition) {
        let style = Style.output
        StandardOutput.line(
            style.bold(
                "Edison refines a prompt. The provider is simulated: no key, no cost, nothing leaves this machine."))
        StandardOutput.line("Goal: \(definition.goal)")
        StandardOutput.line("First version:")
        for line in definition.prompt.text.split(separator: "\n", omittingEmptySubsequences: false) {
            StandardOutput.line("  " + style.dim(String(line)))
        }
    }
}

/// The simulated provider as a child process on a free port of loopback.
final class SimulatorProcess {
    let address: String
    private let process: Process
    /// Open for as long as this process lives, however it ends: the simulator ends with it.
    private let lifeline: Pipe

    private init(address: String, process: Process, lifeline: Pipe) {
        self.address = address
        self.process = process
        self.lifeline = lifeline
    }

    static func start(_ arguments: [String] = []) throws -> SimulatorProcess {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = ["simulator", "--port", "0", "--until-input-ends"] + arguments
        let lifeline = Pipe()
        process.standardInput = lifeline
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.hasSuffix("\n") {
            let data = pipe.fileHandleForReading.readData(ofLength: 1)
            if data.isEmpty { break }
            line += String(decoding: data, as: UTF8.self)
        }
        guard let address = line.split(separator: " ").last(where: { $0.hasPrefix("http://") }) else {
            process.terminate()
            throw EdisonError(.internal, "The simulated provider did not start.")
        }
        return SimulatorProcess(
            address: address.trimmingCharacters(in: .whitespacesAndNewlines), process: process, lifeline: lifeline)
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// This program.
    static var program: URL {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return own.path == "/proc/self/exe" ? Bundle.main.executableURL ?? own : own
    }
}
