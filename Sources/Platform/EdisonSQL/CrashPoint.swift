#if DEBUG
    import Foundation
    import Synchronization

    /// Ends the process as `kill -9` does after a number of commits, so that tests see what is left at any of them.
    /// Only debug builds have it.
    enum CrashPoint {
        private static let limit = ProcessInfo.processInfo.environment["EDISON_CRASH_AFTER_COMMITS"].flatMap(Int.init)
        private static let commits = Mutex(0)

        static func committed() {
            guard let limit else { return }
            let count = commits.withLock { count in
                count += 1
                return count
            }
            if count >= limit { kill(getpid(), SIGKILL) }
        }
    }
#endif
