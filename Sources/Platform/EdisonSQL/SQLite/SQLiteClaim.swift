import EdisonCore
import Foundation
import Synchronization

/// A claim as an operating system lock on a file beside the database: the system lets go of it when the process ends.
final class SQLiteClaim: ClaimHolder {
    private let path: String
    private let descriptor: Mutex<Int32>

    /// nil: another process, or another claim of this one, holds the name.
    init?(_ name: String, database: String) throws {
        // Two names of one file are one database.
        let real = realpath(database, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        path = "\(real ?? database)-claim-\(ContentHash(of: .string(name)).text.prefix(16))"
        while true {
            let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard opened >= 0 else {
                throw EdisonError(
                    .unavailable, "Cannot write to the folder of the database \(database).",
                    detail: String(cString: strerror(errno)))
            }
            guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
                Foundation.close(opened)
                return nil
            }
            // The file may have been removed by its former holder between opening and locking: then it locks nothing.
            if Self.isSame(opened, path) {
                descriptor = Mutex(opened)
                return
            }
            Foundation.close(opened)
        }
    }

    func release() {
        descriptor.withLock { held in
            guard held >= 0 else { return }
            unlink(path)
            Foundation.close(held)
            held = -1
        }
    }

    var isHeld: Bool { descriptor.withLock { $0 >= 0 && Self.isSame($0, path) } }

    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev
    }
}
