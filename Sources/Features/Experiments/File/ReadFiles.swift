import Synchronization

/// The files that an experiment rests on: what a run must not write over.
final class ReadFiles: Sendable {
    private let paths = Mutex<[String]>([])

    func add(_ path: String) { paths.withLock { $0.append(path) } }
    var all: [String] { paths.withLock(\.self) }
}
