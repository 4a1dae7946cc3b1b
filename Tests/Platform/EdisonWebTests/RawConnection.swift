import NIOCore
import NIOPosix
import Testing

/// One TCP connection on which a test writes whatever bytes it likes, and reads answers of HTTP/1.1.
struct RawConnection {
    private var bytes: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffer: [UInt8] = []

    static func open<Result>(_ port: Int, _ use: (inout RawConnection) async throws -> Result) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(bytes: inbound.makeAsyncIterator(), outbound: outbound)
            return try await use(&connection)
        }
    }

    /// One request on a connection of its own; nil = the connection ended without an answer.
    static func ask(_ port: Int, _ request: String) async throws -> RawAnswer? {
        try await open(port) { connection in
            try await connection.send(request)
            return try await connection.answer(toHead: request.hasPrefix("HEAD "))
        }
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// Says that nothing more comes.
    func finish() { outbound.finish() }

    /// nil: the connection has ended before.
    mutating func answer(toHead: Bool = false) async throws -> RawAnswer? {
        let end = Array("\r\n\r\n".utf8)
        var place = firstIndex(of: end)
        while place == nil {
            guard await more() else { return nil }
            place = firstIndex(of: end)
        }
        let length = (place ?? 0) + 4
        let head = String(decoding: buffer[..<length], as: UTF8.self)
        buffer.removeFirst(length)
        var answer = RawAnswer(head: head)
        if toHead || [204, 304].contains(answer.status) || answer.status < 200 { return answer }
        if let count = answer.header("content-length").flatMap({ Int($0) }) {
            while buffer.count < count { if await !more() { break } }
            answer.body = String(decoding: buffer.prefix(count), as: UTF8.self)
            buffer.removeFirst(min(count, buffer.count))
        }
        return answer
    }

    /// At least so many bytes, or fewer when the connection ends.
    mutating func read(_ count: Int) async throws -> [UInt8] {
        while buffer.count < count { if await !more() { break } }
        let found = Array(buffer.prefix(count))
        buffer.removeFirst(found.count)
        return found
    }

    /// Waits until the other side has closed; what still came is returned.
    mutating func rest() async -> [UInt8] {
        while await more() {}
        defer { buffer = [] }
        return buffer
    }

    private mutating func more() async -> Bool {
        // A reset is an end like others.
        guard let next = try? await bytes.next() else { return false }
        buffer += next.readableBytesView
        return true
    }

    private func firstIndex(of end: [UInt8]) -> Int? {
        guard buffer.count >= end.count else { return nil }
        return (0...(buffer.count - end.count)).first {
            buffer[$0] == 13 && Array(buffer[$0..<($0 + end.count)]) == end
        }
    }
}

/// An answer as it came over the wire.
struct RawAnswer: Sendable {
    let head: String
    var body = ""

    init(head: String) { self.head = head }

    var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }

    /// The first header of that name, in any case.
    func header(_ name: String) -> String? { headers(name).first }

    func headers(_ name: String) -> [String] {
        head.split(separator: "\r\n").compactMap { line in
            let sides = line.split(separator: ":", maxSplits: 1)
            guard sides.count == 2, sides[0].lowercased() == name.lowercased() else { return nil }
            return String(sides[1].drop { $0 == " " })
        }
    }
}
