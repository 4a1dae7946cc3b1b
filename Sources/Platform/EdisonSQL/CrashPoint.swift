#if DEBUG
    import Foundation
    import Synchronization

    /// Ends the process as `kill -9` does after a number of commits, so that tests see what is left at any of them, and
    /// writes a byte for each into a file, so that they know how many there are. Only debug builds have it.
    enum CrashPoint {
        private static let limit = ProcessInfo.processInfo.environment["EDISON_CRASH_AFTER_COMMITS"].flatMap(Int.init)
        private static let tally = ProcessInfo.processInfo.environment["EDISON_COMMITS_FILE"].map {
            open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        }
        private static let commits = Mutex(0)

        static func committed() {
            if let tally { _ = write(tally, ".", 1) }
            guard let limit else { return }
            let count = commits.withLock { count in
                count += 1
                return count
            }
            if count >= limit { kill(getpid(), SIGKILL) }
        }
    }
#endif
