import EdisonCore
import Foundation
import Synchronization

/// A claim as an operating system lock on a file beside the database: the system lets go of it when the process ends.
final class SQLiteClaim: ClaimHolder {
    private let path: String
    private let descriptor: Mutex<Int32>

    /// nil: another process, or another claim of this one, holds the name.
    convenience init?(_ name: String, database: String) throws {
        let path = "\(Self.prefix(database))\(ContentHash(of: .string(name)).text.prefix(16))"
        try self.init(path: path, database: database)
    }

    private init?(path: String, database: String) throws {
        self.path = path
        while true {
            let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard opened >= 0 else {
                throw EdisonError(
                    .unavailable, "Cannot write to the folder of the database \(database).",
                    detail: String(cString: strerror(errno)))
            }
            guard Self.lock(opened) else {
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

    /// Once more after a moment: whoever tidies up holds it for that long.
    private static func lock(_ opened: Int32) -> Bool {
        for attempt in 0..<3 {
            if attempt > 0 { usleep(300) }
            if flock(opened, LOCK_EX | LOCK_NB) == 0 { return true }
        }
        return false
    }

    /// Removes the files of claims whose holders were killed.
    static func tidyUp(beside database: String) {
        let prefix = URL(fileURLWithPath: prefix(database))
        let folder = prefix.deletingLastPathComponent().path
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix(prefix.lastPathComponent) {
            (try? SQLiteClaim(path: "\(folder)/\(name)", database: database))?.release()
        }
    }

    /// Two names of one file are one database.
    private static func prefix(_ database: String) -> String {
        let real = realpath(database, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        return "\(real ?? database)-claim-"
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
