/// A tar archive in memory (POSIX ustar, regular files alone): a few named files in one, that every system can open.
package struct TarArchive: Sendable {
    package struct Entry: Sendable, Hashable {
        package let name: String
        package let bytes: [UInt8]

        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    package let entries: [Entry]

    package init(_ entries: [Entry]) { self.entries = entries }

    package subscript(name: String) -> [UInt8]? { entries.first { $0.name == name }?.bytes }

    /// - Parameter modified: written as the time of all files.
    package func bytes(modified: Timestamp) -> [UInt8] {
        var archive: [UInt8] = []
        archive.reserveCapacity(entries.reduce(1_024) { $0 + $1.bytes.count + 1_536 })
        for entry in entries {
            archive += Self.header(entry, seconds: Int(modified.microseconds / 1_000_000))
            archive += entry.bytes
            archive += [UInt8](repeating: 0, count: (512 - entry.bytes.count % 512) % 512)
        }
        return archive + [UInt8](repeating: 0, count: 1_024)
    }

    private static func header(_ entry: Entry, seconds: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int, _ length: Int) {
            for (index, byte) in text.utf8.prefix(length).enumerated() { header[place + index] = byte }
        }
        func octal(_ value: Int, at place: Int, _ digits: Int) {
            let text = String(value, radix: 8)
            put(String(repeating: "0", count: max(0, digits - text.count)) + text, at: place, digits)
        }
        put(entry.name, at: 0, 100)
        octal(0o644, at: 100, 7)
        octal(0, at: 108, 7)
        octal(0, at: 116, 7)
        octal(entry.bytes.count, at: 124, 11)
        octal(seconds, at: 136, 11)
        put("        0", at: 148, 9)
        put("ustar\u{0}00", at: 257, 8)
        // The sum counts its own field as spaces.
        octal(header.reduce(0) { $0 + Int($1) }, at: 148, 6)
        header[154] = 0
        header[155] = 0x20
        return header
    }

    /// - Throws: `invalid` for what is no such archive.
    package init(reading archive: [UInt8]) throws {
        var entries: [Entry] = []
        var place = 0
        while place + 512 <= archive.count {
            let header = archive[place..<place + 512]
            if header.allSatisfy({ $0 == 0 }) { break }
            let name = Self.text(header.dropFirst(0).prefix(100))
            guard let size = Int(Self.text(header.dropFirst(124).prefix(12)).filter { $0 != " " }, radix: 8), size >= 0,
                !name.isEmpty, place + 512 + size <= archive.count
            else { throw Self.unreadable }
            let kind = header[header.startIndex + 156]
            let content = archive[place + 512..<place + 512 + size]
            if kind == 0 || kind == UInt8(ascii: "0") { entries.append(Entry(name: name, bytes: Array(content))) }
            place += 512 + (size + 511) / 512 * 512
        }
        guard !entries.isEmpty else { throw Self.unreadable }
        self.entries = entries
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static var unreadable: EdisonError {
        EdisonError(.invalid, "This is no tar archive, or a part of one.", detail: "Send the file as it was exported.")
    }
}
