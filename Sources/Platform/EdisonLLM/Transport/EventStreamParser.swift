/// One message of an `application/vnd.amazon.eventstream`.
struct EventStreamMessage: Sendable, Hashable {
    /// Those that are texts, by name; others mean nothing here.
    var headers: [String: String]
    var payload: [UInt8]
}

/// Why bytes are no event stream.
enum EventStreamFault: Error, Hashable, Sendable {
    case checksum, length, header
}

/// Reads binary event streams from chunks that may be cut anywhere. Every message carries two checksums, and one that
/// does not fit ends the stream.
struct EventStreamParser: Sendable {
    private var buffer: [UInt8] = []
    private static let longest = 24 << 20

    /// Whether the bytes so far end with a whole message.
    var isAtRest: Bool { buffer.isEmpty }

    mutating func feed(_ bytes: some Sequence<UInt8>) throws(EventStreamFault) -> [EventStreamMessage] {
        buffer.append(contentsOf: bytes)
        var messages: [EventStreamMessage] = []
        var start = 0
        while buffer.count - start >= 12 {
            let total = Int(Self.number(buffer, start))
            let headers = Int(Self.number(buffer, start + 4))
            guard CyclicCheck.of(buffer[start..<(start + 8)]) == Self.number(buffer, start + 8) else {
                throw .checksum
            }
            guard total >= 16, total <= Self.longest, headers <= total - 16 else { throw .length }
            guard buffer.count - start >= total else { break }
            let end = start + total
            guard CyclicCheck.of(buffer[start..<(end - 4)]) == Self.number(buffer, end - 4) else { throw .checksum }
            let body = start + 12 + headers
            messages.append(
                EventStreamMessage(
                    headers: try Self.headers(buffer[(start + 12)..<body]), payload: Array(buffer[body..<(end - 4)])))
            start = end
        }
        buffer.removeFirst(start)
        return messages
    }

    private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[place + $1]) }
    }

    /// How long a value is by its type; those of texts and bytes say it themselves.
    private static let lengths: [UInt8: Int] = [0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16]

    private static func headers(_ bytes: ArraySlice<UInt8>) throws(EventStreamFault) -> [String: String] {
        var rest = bytes
        func take(_ count: Int) throws(EventStreamFault) -> ArraySlice<UInt8> {
            guard rest.count >= count else { throw .header }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func count(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
        var headers: [String: String] = [:]
        while !rest.isEmpty {
            let name = String(decoding: try take(count(try take(1))), as: UTF8.self)
            let type = count(try take(1))
            if let length = lengths[UInt8(type)] {
                _ = try take(length)
            } else if type == 6 || type == 7 {
                let value = try take(count(try take(2)))
                if type == 7 { headers[name] = String(decoding: value, as: UTF8.self) }
            } else {
                throw .header
            }
        }
        return headers
    }
}

/// CRC-32 of IEEE 802.3, as zlib has it.
enum CyclicCheck {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
}
