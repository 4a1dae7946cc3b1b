import EdisonCore
import EdisonEvents
import EdisonJobs
import EdisonSQL
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

@testable import EdisonServer

/// Another process on the same database: this test program, started again with a part to play.
final class LiveProcess: Sendable {
    enum Part: String {
        /// Takes jobs as `edison worker` does, until it is told to end.
        case work
        /// Records events.
        case record
        /// Follows a stream a hundred times at once, and writes down what each follower saw.
        case follow
    }

    private static let variable = "EDISON_TEST_LIVE_PART"
    static let events = 100

    private let process: Process
    private let output: String

    init(_ part: Part, on place: String) throws {
        process = Process()
        process.executableURL = Bundle.main.executableURL
        let arguments = CommandLine.arguments
        let bundle = arguments.firstIndex(of: "--test-bundle-path").map { Array(arguments[$0...].prefix(2)) } ?? []
        process.arguments =
            bundle + ["--testing-library", "swift-testing", "--filter", "WorkersTests/playsItsPart"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            [Self.variable: "\(part.rawValue)|\(place)"]
        ) { $1 }
        output = "\(NSTemporaryDirectory())/edison-test-\(UUID().uuidString).log"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let file = FileHandle(forWritingAtPath: output)
        process.standardOutput = file
        process.standardError = file
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func signal(_ signal: Int32) { _ = kill(process.processIdentifier, signal) }

    /// nil when it ended well, otherwise what it said.
    func end() async throws -> String? {
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        defer { try? FileManager.default.removeItem(atPath: output) }
        if process.terminationReason == .exit, process.terminationStatus == 0 { return nil }
        let said = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        return process.terminationReason == .uncaughtSignal
            ? "signal \(process.terminationStatus)" : "status \(process.terminationStatus): \(said)"
    }

    /// Plays the part that this process was started for; false when it was started for none.
    static func plays() async throws -> Bool {
        guard let words = ProcessInfo.processInfo.environment[variable]?.split(separator: "|", maxSplits: 1),
            words.count == 2, let part = Part(rawValue: String(words[0]))
        else { return false }
        // The test that it is started for has two cases.
        if hasPlayed.exchange() { return true }
        // A process whose starter is gone does not stay.
        alarm(120)
        let database = try await Database.open(String(words[1]))
        switch part {
        case .work: try await work(database)
        case .record:
            let log = EventLog(database: database)
            for _ in 0..<events {
                try await database.write { db in try log.record(.counted, in: EventStream("one"), db) }
                try await Task.sleep(for: .milliseconds(5))
            }
        case .follow: try await follow(EventLog(database: database), database)
        }
        await database.close()
        return true
    }

    private static let hasPlayed = Flag()

    private static func work(_ database: Database) async throws {
        let definition = JobDefinition(Vigil.self) { vigil, context in
            try await database.write { db in
                try db.execute("INSERT INTO begun (job, attempt) VALUES (\(context.job.id), \(context.job.attempts))")
            }
            // One ends at its safe point, the other goes on until it is cancelled.
            if vigil.isWatchful { await context.untilStopping() } else { try await Task.sleep(for: .seconds(100)) }
            throw CancellationError()
        }
        var settings = WorkerSettings()
        settings.grace = .seconds(2)
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let workers = Workers(JobList(database, definitions: [definition]), settings, role: "worker", log: log)
        let group = ServiceGroup(services: [workers], gracefulShutdownSignals: [.sigterm], logger: log)
        try await group.run()
    }

    private static func follow(_ log: EventLog, _ database: Database) async throws {
        try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<100 { group.addTask { try await positions(log) } }
            while let positions = try await group.next() {
                try await database.write { db in
                    try db.execute(
                        "INSERT INTO followed (seen) VALUES (\(positions.map(String.init).joined(separator: " ")))")
                }
            }
        }
    }

    static func positions(_ log: EventLog) async throws -> [Int64] {
        var seen: [Int64] = []
        for try await event in log.follow(EventStream("one"), after: 0) {
            seen.append(event.position)
            if seen.count == events { break }
        }
        return seen
    }

    static func makeTables(_ database: Database) async throws {
        try await database.write { db in
            try db.execute("CREATE TABLE begun (job TEXT NOT NULL, attempt BIGINT NOT NULL)")
            try db.execute("CREATE TABLE followed (seen TEXT NOT NULL)")
        }
    }
}

/// A job that waits until its worker stops.
struct Vigil: JobParameters {
    static let kind: JobKind = "test.vigil"
    let isWatchful: Bool

    init(isWatchful: Bool) { self.isWatchful = isWatchful }
    init(json: JSONValue) throws { isWatchful = json["watchful"]?.bool ?? false }
    var json: JSONValue { ["watchful": .bool(isWatchful)] }
}

/// Is raised once.
final class Flag: Sendable {
    private let isRaised = Mutex(false)

    /// Raises it; returns whether it was before.
    func exchange() -> Bool {
        isRaised.withLock { raised in
            defer { raised = true }
            return raised
        }
    }
}
