import EdisonCore
import EdisonEvents
import EdisonTestKit
import Foundation
import ServiceLifecycle
import Testing

@testable import EdisonWeb

extension Live {
    @Suite("Events over HTTP, on real sockets")
    struct EventStreamTests {
        @Test("a stream gives ids, names and JSON, and goes on after the last id", arguments: TestDatabase.allCases)
        func resume(_ kind: TestDatabase) async throws {
            try await StreamServer.on(kind) { server in
                let first = try server.readers.open("/streams/one/events")
                #expect(try await server.readers.wait { $0[first].text.contains("retry: 2000\n\n") })
                let head = server.readers[first].text
                #expect(head.hasPrefix("HTTP/1.1 200 OK\n"))
                #expect(head.contains("Content-Type: text/event-stream") && head.contains("X-Accel-Buffering: no"))
                try await server.record(3)
                #expect(try await server.readers.wait { $0[first].ids == [1, 2, 3] })
                let frame = try #require(
                    server.readers[first].text.firstMatch(of: /id: 2\nevent: counted\ndata: (.*)\n\n/)?.1)
                let data = try JSONValue(parsing: String(frame))
                #expect(data["text"] == "" && data["at"]?.string?.hasSuffix("Z") == true)

                let second = try server.readers.open("/streams/one/events", headers: ["Last-Event-ID: 2"])
                try await server.record(1)
                #expect(try await server.readers.wait { $0[second].ids == [3, 4] && $0[first].ids == [1, 2, 3, 4] })
                // The last event of a stream ends it.
                try await server.record(1, kind: .ended)
                #expect(try await server.readers.wait { $0[first].hasEnded && $0[second].hasEnded })
                #expect(server.readers[first].ids == [1, 2, 3, 4, 5])
                #expect(server.log.followers == 0)
            }
        }

        @Test("a last id that is none is refused; one that is no longer kept is told to load anew")
        func faults() async throws {
            try await StreamServer.on(.sqlite) { server in
                let wrong = try server.readers.open("/streams/one/events", headers: ["Last-Event-ID: -1"])
                #expect(try await server.readers.wait { $0[wrong].text.contains("Last-Event-ID") })
                #expect(server.readers[wrong].text.hasPrefix("HTTP/1.1 422"))
                try await server.record(4)
                try await server.log.forget(before: Timestamp.now.advanced(by: .seconds(1)))
                try await server.record(1)
                let late = try server.readers.open("/streams/one/events", headers: ["Last-Event-ID: 2"])
                #expect(try await server.readers.wait { $0[late].text.contains("event: reset\ndata: {}\n\n") })
                #expect(try await server.readers.wait { $0[late].hasEnded })
            }
        }

        @Test("silence is broken by heartbeats, and a reader that goes is noticed")
        func heartbeat() async throws {
            try await StreamServer.on(.sqlite, heartbeat: .milliseconds(100)) { server in
                let reader = try server.readers.open("/streams/one/events")
                #expect(try await server.readers.wait { $0[reader].text.matches(of: /\n: \n/).count >= 3 })
                #expect(server.log.followers == 1)
                server.readers.leave(reader)
                #expect(try await server.readers.wait(5) { _ in server.log.followers == 0 })
            }
        }

        @Test("a reader that goes is noticed without a heartbeat too")
        func gone() async throws {
            try await StreamServer.on(.sqlite) { server in
                let reader = try server.readers.open("/streams/one/events")
                #expect(try await server.readers.wait { _ in server.log.followers == 1 })
                server.readers.leave(reader)
                #expect(try await server.readers.wait(5) { _ in server.log.followers == 0 })
            }
        }

        @Test("a reader that takes nothing holds no memory, is let go, and goes on where it was")
        func slow() async throws {
            try await StreamServer.on(.sqlite, heartbeat: .milliseconds(300)) { server in
                let fast = try server.readers.open("/streams/one/events")
                let slow = try server.readers.open("/streams/one/events", isReading: false)
                #expect(try await server.readers.wait { _ in server.log.followers == 2 })
                // 15 MB, far more than sockets and buffers hold.
                try await server.record(1_500, size: 10_000)
                #expect(try await server.readers.wait(60) { $0[fast].has(1_500) })
                #expect(server.readers[fast].ids.last == 1_500)
                #expect(try await server.readers.wait(10) { _ in server.log.followers == 1 })
                server.readers.startReading(slow)
                #expect(try await server.readers.wait { !$0[slow].isOpen })
                let last = server.readers[slow].ids.last ?? 0
                #expect(last < 1_500)
                let again = try server.readers.open("/streams/one/events", headers: ["Last-Event-ID: \(last)"])
                #expect(try await server.readers.wait(60) { $0[again].has(1_500) })
                #expect(server.readers[again].ids == Array((last + 1)...1_500))
            }
        }

        @Test("a server that shuts down ends all streams at once, also one that takes nothing")
        func shutdown() async throws {
            try await StreamServer.on(.sqlite) { server in
                for _ in 0..<5 { _ = try server.readers.open("/streams/one/events") }
                _ = try server.readers.open("/streams/one/events", isReading: false)
                #expect(try await server.readers.wait { _ in server.log.followers == 6 })
                try await server.record(1_000, size: 10_000)
                #expect(
                    try await server.readers.wait(60) { readers in
                        readers.prefix(5).allSatisfy { $0.has(1_000) }
                    })
                let began = ContinuousClock.now
                await server.group.triggerGracefulShutdown()
                #expect(try await server.readers.wait { _ in server.log.followers == 0 })
                #expect(try await server.readers.wait { readers in readers.prefix(5).allSatisfy(\.hasEnded) })
                #expect(began.duration(to: .now) < .seconds(3))
            }
        }

        @Test("five hundred readers get every event once and in order")
        func many() async throws {
            try await StreamServer.on(.sqlite) { server in
                for _ in 0..<500 { _ = try server.readers.open("/streams/one/events") }
                #expect(try await server.readers.wait { _ in server.log.followers == 500 })
                let began = ContinuousClock.now
                for _ in 0..<20 { try await server.record(1, size: 200) }
                #expect(
                    try await server.readers.wait(60) { readers in readers.allSatisfy { $0.has(20) } })
                let took = began.duration(to: .now)
                for reader in server.readers.all { #expect(reader.ids == Array(1...20)) }
                print("500 readers, 20 events: \(took)")
                for number in 0..<500 { server.readers.leave(number) }
                #expect(try await server.readers.wait { _ in server.log.followers == 0 })
            }
        }
    }
}
