import EdisonCore
import EdisonSQL
import Foundation
import Synchronization

/// Shows other processes that this one lives: a lock by its name, which the system or the server lets go of when the
/// process ends, however it ended and whether or not anybody has noticed.
///
/// A process number proves nothing: it is another process's after a while, a dead one keeps it until its parent looks, and
/// on another machine it means nothing.
final class ProcessLife: Sendable {
    /// The last part tells processes apart that get the same number one after the other, as they do in containers.
    static let current =
        "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)/\(UInt32.random(in: 0 ... .max))"

    private let database: Database
    private let claim = Mutex<ExclusiveClaim?>(nil)

    init(database: Database) { self.database = database }

    /// Before the first request, and once.
    func show() async throws {
        if claim.withLock({ $0 != nil }) { return }
        guard let held = try await database.claim(Self.lock(of: Self.current)) else { return }
        claim.withLock { $0 = $0 ?? held }
    }

    /// When this process makes no more requests.
    func end() {
        claim.withLock { held in
            held?.release()
            held = nil
        }
    }

    /// Which of these processes have ended.
    func dead(among processes: Set<String>) async throws -> Set<String> {
        var dead: Set<String> = []
        for process in processes.sorted() where process != Self.current {
            guard let claim = try await database.claim(Self.lock(of: process)) else { continue }
            claim.release()
            dead.insert(process)
        }
        return dead
    }

    private static func lock(of process: String) -> String { "process \(process)" }
}
