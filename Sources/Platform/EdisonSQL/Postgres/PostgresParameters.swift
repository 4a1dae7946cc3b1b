/// The values of one statement as libpq takes them, in one flat buffer, so that no pointer outlives what it points to.
///
/// Each value carries its type: left to itself the server takes `$1 - 60` for 32-bit arithmetic and refuses a time.
struct PostgresParameters {
    private var flat: [CChar] = []
    private var offsets: [Int?] = []
    private(set) var types: [UInt32] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) {
        for value in values { append(value) }
        // An empty buffer has no address, and no address means NULL.
        flat.append(0)
    }

    private mutating func append(_ value: SQLValue) {
        switch value {
        case .null: append(nil as [UInt8]?, type: 0)
        case .integer(let integer): append(String(integer).utf8, type: PostgresType.int8)
        case .real(let number): append("\(number)".utf8, type: PostgresType.float8)
        case .text(let text): append(text.utf8, type: PostgresType.text)
        case .blob(let bytes): append(bytes, type: PostgresType.bytea, isBinary: true)
        }
    }

    private mutating func append(_ bytes: (some Collection<UInt8>)?, type: UInt32, isBinary: Bool = false) {
        offsets.append(bytes == nil ? nil : flat.count)
        types.append(type)
        lengths.append(Int32(clamping: bytes?.count ?? 0))
        formats.append(isBinary ? 1 : 0)
        guard let bytes else { return }
        flat.append(contentsOf: bytes.lazy.map { CChar(bitPattern: $0) })
        flat.append(0)
    }

    // The last 0 of both: the answer comes as text.

    func run(_ text: String, on connection: LibPQ.Connection, _ library: LibPQ) -> LibPQ.Result? {
        withPointers {
            library.execute(connection, text, Int32(offsets.count), types, $0, lengths, formats, 0)
        }
    }

    func run(prepared name: String, on connection: LibPQ.Connection, _ library: LibPQ) -> LibPQ.Result? {
        withPointers { library.executePrepared(connection, name, Int32(offsets.count), $0, lengths, formats, 0) }
    }

    private func withPointers(_ run: ([LibPQ.CText?]) -> LibPQ.Result?) -> LibPQ.Result? {
        flat.withUnsafeBufferPointer { buffer in
            run(offsets.map { offset in offset.flatMap { place in buffer.baseAddress.map { $0 + place } } })
        }
    }
}

/// The types that the server gives and takes, by their fixed numbers (`pg_type.oid`).
enum PostgresType {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let numeric: UInt32 = 1700

    /// Reads a value as the server writes it.
    static func value(_ text: String, type: UInt32) -> SQLValue {
        switch type {
        case bool: .integer(text == "t" ? 1 : 0)
        case int8, int2, int4, oid: Int64(text).map { .integer($0) } ?? .text(text)
        case float4, float8: Double(text).map { .real($0) } ?? .text(text)
        // Sums and means of 64-bit integers are decimals.
        case numeric: Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) } ?? .text(text)
        case bytea: .blob(bytes(text))
        default: .text(text)
        }
    }

    /// `\x` and two hexadecimal digits a byte.
    private static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for digit in text.utf8.dropFirst(2) {
            let value = digit < 0x3A ? digit &- 0x30 : digit &- 0x57
            if let left = high {
                bytes.append(left << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
