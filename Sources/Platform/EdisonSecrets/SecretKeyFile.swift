package import EdisonCore
import Foundation

/// The file that holds the key for secrets beside the database, never in it: whoever copies the database alone can
/// read no secret.
package struct SecretKeyFile: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Refuses a file that others may read.
    ///
    /// - Parameter make: whether the file is made when it is absent, else that is an error.
    package func keys(make: Bool = true) throws -> [SealingKey] {
        guard FileManager.default.fileExists(atPath: path) else {
            if make { return try made() }
            throw EdisonError(
                .notFound, "There is no key for secrets, \(path).",
                detail: "Give it the server's: the same secret_key_file or EDISON_SECRET_KEY.")
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        guard mode & 0o077 == 0 else {
            throw EdisonError(
                .invalid, "Others may read the key for secrets, \(path).", detail: "Close it: chmod 600 \(path)")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EdisonError(.unavailable, "The key for secrets, \(path), cannot be read.")
        }
        let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
        let keys = try SealingKey.list(lines.joined(separator: ","))
        guard !keys.isEmpty else { throw EdisonError(.invalid, "The key for secrets, \(path), is empty.") }
        return keys
    }

    private func made() throws -> [SealingKey] {
        let bytes = RandomToken.bytes(32)
        let text = Data(bytes).base64EncodedString() + "\n"
        // NSString's own way to the folder ends the process at a name of one letter.
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
            throw cannotWrite("its folder cannot be made")
        }
        // Under its name only when it is whole: a server and its workers may begin at the same moment.
        let draft = "\(path).\(RandomToken().text)"
        try write(text, to: draft)
        defer { unlink(draft) }
        guard link(draft, path) == 0 else {
            if errno == EEXIST { return try keys() }
            throw cannotWrite()
        }
        return [try SealingKey(bytes: bytes)]
    }

    private func write(_ text: String, to draft: String) throws {
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw cannotWrite() }
        defer { close(descriptor) }
        var text = text
        let written = text.withUTF8 { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        guard written == text.utf8.count, fsync(descriptor) == 0 else { throw cannotWrite() }
    }

    private func cannotWrite(_ why: String = String(cString: strerror(errno))) -> EdisonError {
        EdisonError(
            .unavailable, "Cannot write the key for secrets, \(path): \(why).",
            detail: "Name a place that can be written with --secret-key-file.")
    }
}
