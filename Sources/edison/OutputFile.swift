import EdisonCore
import Foundation

/// A file that a command writes: complete or not there at all, and never instead of something that is no file.
///
/// A regular file is replaced by renaming, so that a reader sees the old text or the new one. A device, a pipe or a
/// terminal is written into: renaming over `/dev/null` would take it away from the whole machine.
struct OutputFile {
    private let path: String
    private let url: URL

    init(_ path: String) {
        self.path = path
        // A link stays a link: what it leads to is replaced.
        url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    }

    /// The absolute path with links followed: two names of one file are one.
    static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    var isDevice: Bool { place == .device }

    private enum Place { case free, file, folder, device }

    private var place: Place {
        var status = stat()
        guard stat(url.path, &status) == 0 else { return .free }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        default: .device
        }
    }

    /// Fails before anything is spent when the text could not be written in the end.
    func requireWritable() throws {
        switch place {
        case .folder: throw fault("it is a folder; name a file", .invalid)
        case .file, .device:
            if access(url.path, W_OK) != 0 { throw fault(String(cString: strerror(errno)), .invalid) }
        case .free: break
        }
        guard place != .device else { return }
        let folder = url.deletingLastPathComponent()
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
            throw fault("its folder cannot be made", .invalid)
        }
        if access(folder.path, W_OK) != 0 { throw fault("its folder cannot be written to", .invalid) }
    }

    func write(_ text: String) throws {
        do {
            if place == .device {
                let handle = try FileHandle(forWritingTo: url)
                defer { try? handle.close() }
                return try handle.write(contentsOf: Data(text.utf8))
            }
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch { throw fault(SystemWords.of(error), .unavailable, error) }
    }

    private func fault(_ why: String, _ code: EdisonError.Code, _ error: (any Error)? = nil) -> EdisonError {
        EdisonError(code, "Cannot write \(path).", detail: why, underlying: error)
    }
}
