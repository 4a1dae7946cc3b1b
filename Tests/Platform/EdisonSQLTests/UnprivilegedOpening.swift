import EdisonCore
import Foundation

@testable import EdisonSQL

/// Opens a SQLite file as an ordinary user would, also when the tests run as root, whom no permission stops.
///
/// On Linux the rights over files belong to the thread: one that steps down to "nobody" plays such a user.
enum UnprivilegedOpening {
    private typealias SetFileUser = @convention(c) (UInt32) -> Int32

    static func failure(_ path: String) async -> EdisonError? {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                if geteuid() == 0, let symbol = dlsym(nil, "setfsuid") {
                    _ = unsafeBitCast(symbol, to: SetFileUser.self)(65_534)
                }
                do {
                    _ = try SQLiteDriver(path: path)
                    continuation.resume(returning: nil)
                } catch { continuation.resume(returning: error as? EdisonError) }
            }
            thread.start()
        }
    }
}
