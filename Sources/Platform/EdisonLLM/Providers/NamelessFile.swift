import Foundation
import SystemPackage

/// A file without a name: whatever ends this program, nothing of it stays on the disk.
struct NamelessFile: Sendable {
    let descriptor: FileDescriptor

    init(holding text: String = "") throws {
        let path = FilePath("\(NSTemporaryDirectory())/edison-\(UUID().uuidString)")
        descriptor = try .open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerReadWrite])
        try FileManager.default.removeItem(atPath: path.string)
        if !text.isEmpty {
            try descriptor.writeAll(text.utf8)
            try descriptor.seek(offset: 0, from: .start)
        }
    }

    var size: Int64 {
        get throws {
            var status = stat()
            guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
            return Int64(status.st_size)
        }
    }

    func head(_ count: Int) throws -> [UInt8] { try bytes(from: 0, count) }

    /// The end of an error output is where programs say what went wrong.
    func tail(_ count: Int) throws -> String {
        let text = try bytes(from: max(0, size - Int64(count)), count)
        return String(decoding: text, as: UTF8.self).trimmingSuffix(while: \.isWhitespace)
    }

    private func bytes(from start: Int64, _ count: Int) throws -> [UInt8] {
        let length = Int(min(Int64(count), max(0, try size - start)))
        var read = 0
        return try [UInt8](unsafeUninitializedCapacity: length) { buffer, initialised in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            while read < length {
                let more = try descriptor.read(
                    fromAbsoluteOffset: start + Int64(read), into: UnsafeMutableRawBufferPointer(rebasing: raw[read...])
                )
                if more == 0 { break }
                read += more
            }
            initialised = read
        }
    }

    func close() { try? descriptor.close() }
}
