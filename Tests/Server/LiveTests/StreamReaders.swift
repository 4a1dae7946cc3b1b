import EdisonCore
import Foundation
import Synchronization

/// Clients of event streams on raw sockets, any number of them, read by one thread.
///
/// Each can be told not to read, as a slow client does, or to go without a word.
final class StreamReaders: Sendable {
    struct Reader: Sendable {
        fileprivate let socket: Int32
        fileprivate var isReading = true
        fileprivate(set) var isOpen = true
        /// Its number may be another's by now.
        fileprivate var isClosed = false
        fileprivate(set) var received: [UInt8] = []

        /// With plain line ends; the sizes of chunks stand between the frames.
        var text: String { String(decoding: received.filter { $0 != 13 }, as: UTF8.self) }
        /// The numbers of the events, in the order in which they came.
        var ids: [Int64] {
            let mark = Array("\nid: ".utf8)
            var ids: [Int64] = []
            var start = 0
            while let place = place(of: mark, from: start) {
                start = place + mark.count
                ids.append(Int64(String(decoding: received[start...].prefix { $0 != 10 }, as: UTF8.self)) ?? -1)
            }
            return ids
        }
        /// Whether the event of that number has come; looks at the end alone, as it is asked often.
        func has(_ id: Int64) -> Bool {
            place(of: Array("\nid: \(id)\n".utf8), from: max(0, received.count - 12_288)) != nil
        }

        /// Where a line end begins these bytes; by C's search, as there are megabytes of them.
        private func place(of bytes: [UInt8], from start: Int) -> Int? {
            received.withUnsafeBytes { all -> Int? in
                guard let first = all.baseAddress else { return nil }
                var place = start
                while place < all.count, let end = memchr(first + place, 10, all.count - place) {
                    place = UnsafeRawPointer(end) - first
                    if all.count - place < bytes.count { return nil }
                    if memcmp(first + place, bytes, bytes.count) == 0 { return place }
                    place += 1
                }
                return nil
            }
        }

        /// Whether the answer is over: its last chunk is there.
        var hasEnded: Bool { received.suffix(5).elementsEqual("0\r\n\r\n".utf8) || !isOpen }
    }

    private let port: Int
    private let state = Mutex<(readers: [Reader], isEnded: Bool)>(([], false))

    init(port: Int) {
        self.port = port
        Thread.detachNewThread { self.read() }
    }

    func end() {
        state.withLock { state in
            state.isEnded = true
            for reader in state.readers where !reader.isClosed { close(reader.socket) }
            state.readers = []
        }
    }

    /// Connects and asks; returns the number of the reader.
    func open(_ path: String, headers: [String] = [], isReading: Bool = true) throws -> Int {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if !isReading {
            // So that a client that does not read fills up soon.
            var size: Int32 = 4_096
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard isConnected == 0 else { throw EdisonError(.unavailable, "No connection: \(errno)") }
        let lines = ["GET \(path) HTTP/1.1", "Host: localhost", "Accept: text/event-stream"] + headers
        let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        guard write(socket, request, request.count) == request.count else {
            throw EdisonError(.unavailable, "Nothing can be written.")
        }
        return state.withLock { state in
            state.readers.append(Reader(socket: socket, isReading: isReading))
            return state.readers.count - 1
        }
    }

    subscript(number: Int) -> Reader { state.withLock { $0.readers[number] } }

    var all: [Reader] { state.withLock(\.readers) }

    /// Goes without a word.
    func leave(_ number: Int) {
        state.withLock { state in
            close(state.readers[number].socket)
            state.readers[number].isClosed = true
            state.readers[number].isReading = false
            state.readers[number].isOpen = false
        }
    }

    func startReading(_ number: Int) { state.withLock { $0.readers[number].isReading = true } }

    /// Waits for something; false after so many seconds.
    func wait(_ seconds: Double = 20, _ condition: ([Reader]) -> Bool) async throws -> Bool {
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        while !condition(all) {
            if ContinuousClock.now > end { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let (sockets, isEnded) = state.withLock { state in
                (state.readers.filter { $0.isReading && $0.isOpen }.map(\.socket), state.isEnded)
            }
            if isEnded { return }
            var files = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            _ = poll(&files, nfds_t(files.count), 5)
            for file in files where file.revents != 0 {
                let count = recv(file.fd, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                state.withLock { state in
                    guard let number = state.readers.firstIndex(where: { $0.socket == file.fd && $0.isOpen }) else {
                        return
                    }
                    if count > 0 {
                        state.readers[number].received += buffer[..<count]
                    } else if count == 0 || errno != EAGAIN {
                        state.readers[number].isOpen = false
                    }
                }
            }
        }
    }
}
