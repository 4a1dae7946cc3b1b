import EdisonCore
import EdisonLLM
import EdisonServer
import Foundation

/// Kills the demo twice in view, and tells afterwards what of it was paid again.
///
/// The first sittings run as processes of their own, since nobody survives `kill -9`; the last one is this process.
struct KilledDemo {
    let simulator: SimulatorProcess
    /// One line for each request that reached the provider.
    let log: URL
    let database: String
    let refiner: String
    private let style = Style.output

    init(simulator: SimulatorProcess, log: URL, database: String, refiner: String) {
        self.simulator = simulator
        self.log = log
        self.database = database
        self.refiner = refiner
    }

    /// Runs the file until the provider has had so many requests, twice, and kills it each time.
    func killTwice(file: String, arguments: [String], after requests: [Int] = [90, 300]) async throws {
        for count in requests {
            let child = Process()
            child.executableURL = SimulatorProcess.program
            child.arguments = ["refine", file, "--database", database, "--yes"] + arguments
            var variables = ProcessInfo.processInfo.environment
            variables["EDISON_DEMO_URL"] = simulator.address
            variables["EDISON_DEMO_REFINER"] = refiner
            child.environment = variables
            child.standardInput = FileHandle.nullDevice
            try child.run()
            while child.isRunning, entries.count < count { try await Task.sleep(for: .milliseconds(5)) }
            guard child.isRunning else { continue }
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
            StandardOutput.line("")
            StandardOutput.line(
                style.bold(style.red("Killed (kill -9) after \(entries.count) requests. Starting it again …")))
        }
    }

    /// What the provider saw, held against what the database knows.
    func account() async throws {
        let entries = entries
        let workbench = try await Workbench.open(database: database)
        let lost = try await workbench.calls.lostAttempts()
        await workbench.close()
        var answered: Set<String> = []
        var asked: Set<String> = []
        var again = 0
        var paidAgain = 0
        for entry in entries {
            guard let body = entry["body_sha256"]?.string, let attempt = entry["attempt"]?.string else { continue }
            if !asked.insert(body).inserted { again += 1 }
            if answered.contains(body) { paidAgain += 1 }
            if !lost.contains(attempt) { answered.insert(body) }
        }
        StandardOutput.line("")
        StandardOutput.line(style.bold("Killed twice, and this is what the provider saw:"))
        StandardOutput.line("  requests                                        \(entries.count)")
        StandardOutput.line("  made once more, as a kill cut them off          \(again)")
        let words = "  made once more although the answer was stored   \(paidAgain)"
        StandardOutput.line(paidAgain == 0 ? style.green(words) : style.red(words))
    }

    private var entries: [JSONValue] {
        guard let text = try? String(contentsOf: log, encoding: .utf8) else { return [] }
        // The last line may be half written.
        return text.split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
    }
}
