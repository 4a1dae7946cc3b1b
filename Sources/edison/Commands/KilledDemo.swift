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
    /// Standard output is the result's when that is asked for.
    private let isSilent: Bool
    private let style: Style

    init(simulator: SimulatorProcess, log: URL, database: String, refiner: String, isSilent: Bool) {
        self.isSilent = isSilent
        style = isSilent ? .progress : .output
        self.simulator = simulator
        self.log = log
        self.database = database
        self.refiner = refiner
    }

    private func line(_ text: String) { if isSilent { StandardError.line(text) } else { StandardOutput.line(text) } }

    /// Runs the file until the provider has had so many requests, twice, and kills it each time.
    ///
    /// - Returns: how often; less than twice where the run ended before.
    func killTwice(file: String, arguments: [String], after requests: [Int] = [90, 300]) async throws -> Int {
        var kills = 0
        for count in requests {
            let child = Process()
            child.executableURL = SimulatorProcess.program
            child.arguments = ["refine", file, "--database", database, "--yes"] + arguments
            var variables = ProcessInfo.processInfo.environment
            variables["EDISON_DEMO_URL"] = simulator.address
            variables["EDISON_DEMO_REFINER"] = refiner
            child.environment = variables
            child.standardInput = FileHandle.nullDevice
            if isSilent { child.standardOutput = FileHandle.standardError }
            try child.run()
            while child.isRunning, entries.count < count { try await Task.sleep(for: .milliseconds(5)) }
            guard child.isRunning else { break }
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
            kills += 1
            line("")
            line(style.bold(style.red("Killed (kill -9) after \(entries.count) requests. Starting it again …")))
        }
        return kills
    }

    /// What the provider saw, held against what the database knows.
    func account(kills: Int) async throws {
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
        let begun =
            switch kills {
            case 0: "Not killed, since the run ended before; this"
            case 1: "Killed once, since the run ended before the second time; this"
            default: "Killed twice; this"
            }
        line("")
        line(style.bold("\(begun) is what the provider saw:"))
        line("  requests                                        \(entries.count)")
        line("  made once more, as a kill cut them off          \(again)")
        let words = "  made once more although the answer was stored   \(paidAgain)"
        line(paidAgain == 0 ? style.green(words) : style.red(words))
    }

    private var entries: [JSONValue] {
        guard let text = try? String(contentsOf: log, encoding: .utf8) else { return [] }
        // The last line may be half written.
        return text.split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
    }
}
