import EdisonCore
import Foundation
import Logging
import Synchronization
import Testing

@testable import EdisonServer

@Suite("The log")
struct LineLogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func line(_ format: LogFormat, _ message: String, _ metadata: Logger.Metadata = [:]) throws -> String {
        let lines = Lines()
        let log = Logger(label: "edison") { label in
            LineLog(label, format: format, level: .info) { line in lines.all.withLock { $0.append(line) } }
        }
        log.debug("not important enough")
        log.info("\(message)", metadata: metadata)
        let all = lines.all.withLock { $0 }
        #expect(all.count == 1)
        return try #require(all.first)
    }

    @Test("a line of JSON holds time, level, message and what belongs to them, figures as figures")
    func json() throws {
        let line = try line(.json, "request", ["request_id": "abc", "status": "200", "level": "mine"])
        #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { $0 != "\n" })
        let value = try JSONValue(parsing: line)
        #expect(value["level"] == "info" && value["message"] == "request" && value["request_id"] == "abc")
        #expect(value["status"] == 200 && value["level_"] == "mine" && value["logger"] == "edison")
        #expect(value["time"]?.string.flatMap { Timestamp(rfc3339: $0) } != nil)
    }

    @Test("a line for people is one line, whatever stands in it")
    func text() throws {
        let line = try line(.text, "failed\n2026-01-01 INFO forged \u{1B}[31m", ["route": "/a b", "id": "7"])
        #expect(line.filter { $0 == "\n" }.count == 1 && line.hasSuffix("\n"))
        #expect(line.contains(" INFO failed\\u{a}2026") && line.contains("\\u{1b}[31m"))
        #expect(line.contains("id=7 route=\"/a b\""))
    }

    @Test(
        "no secret stands in a line, whatever brought it there", arguments: LogFormat.allCases,
        [
            "edk_0123456789abcdef", "sk-proj-0123456789abcdef", "Bearer abcdefghijklmnop", "edr_0123456789abcdef",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "postgres://edison:hunter2hunter2@db/edison",
        ])
    func secrets(format: LogFormat, secret: String) throws {
        let part = secret.split(separator: " ").last.map(String.init) ?? secret
        let hidden = part.hasPrefix("postgres") ? "hunter2" : part
        #expect(!(try line(format, "with \(secret) in it").contains(hidden)))
        #expect(!(try line(format, "failed", ["error": "it said \(secret)"]).contains(hidden)))
        #expect(!(try line(format, "failed", ["authorization": "\(secret)"]).contains(hidden)))
    }

    @Test("what is under the name of a secret is left out whole, and what only resembles one stays")
    func names() throws {
        #expect(!(try line(.json, "m", ["Api-Key": "plain words"]).contains("plain words")))
        let path = "/api/v1/projects/0198-aa/prompts said task_force and risk-free"
        #expect(Redaction.redacted(path) == path)
    }
}
