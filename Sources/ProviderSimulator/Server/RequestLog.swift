package import EdisonCore
internal import Foundation
internal import Synchronization

/// What the simulator has been asked and what it answered, so that a program's own ledger can be checked against it.
package final class RequestLog: Sendable {
    package struct Entry: Sendable {
        /// By arrival, from 1.
        package var number: Int
        package var time: Timestamp
        /// The header `Edison-Attempt`, where the caller sent one.
        package var attempt: String?
        package var format: String
        package var path: String
        package var model: String
        package var schema: String?
        package var purpose: String
        package var streams: Bool
        package var status: Int
        package var fault: String?
        /// As told to the caller; nil when no usage was sent.
        package var inputTokens: Int?
        package var outputTokens: Int?
        package var seed: UInt64?
        /// SHA-256 of the request's body.
        package var body: String
        package var occurrence: Int

        package var json: JSONValue {
            [
                "number": JSONValue(number), "time": .string(time.rfc3339), "attempt": JSONValue(attempt),
                "format": .string(format),
                "path": .string(path), "model": .string(model), "schema": JSONValue(schema),
                "purpose": .string(purpose),
                "streams": .bool(streams), "status": JSONValue(status), "fault": JSONValue(fault),
                "input_tokens": JSONValue(inputTokens), "output_tokens": JSONValue(outputTokens),
                "seed": seed.map { .integer(Int64(bitPattern: $0)) } ?? .null, "body_sha256": .string(body),
                "occurrence": JSONValue(occurrence),
            ]
        }
    }

    private struct State {
        var entries: [Entry] = []
        var number = 0
        var occurrences: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let file: FileHandle?
    private let fileLock = Mutex(())
    private let keepsBodies: Bool

    init(file path: String?, keepsBodies: Bool) throws(EdisonError) {
        self.keepsBodies = keepsBodies
        guard let path else {
            file = nil
            return
        }
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw EdisonError(.invalid, "The log file \(path) cannot be written.")
        }
        _ = try? handle.seekToEnd()
        file = handle
    }

    package var entries: [Entry] { state.withLock { $0.entries } }

    /// The place of a request by arrival, and how often the same bytes have come.
    func arrival(of body: String) -> (number: Int, occurrence: Int) {
        state.withLock { state in
            state.number += 1
            state.occurrences[body, default: 0] += 1
            return (state.number, state.occurrences[body, default: 1])
        }
    }

    func record(_ entry: Entry, body: [UInt8]) {
        state.withLock { $0.entries.append(entry) }
        guard let file else { return }
        var line = entry.json.object ?? [:]
        if keepsBodies { line["body"] = .string(String(decoding: body, as: UTF8.self)) }
        let text = JSONValue.object(line).text() + "\n"
        fileLock.withLock { _ in try? file.write(contentsOf: Data(text.utf8)) }
    }

    func clear() {
        state.withLock { $0 = State() }
    }

    /// Totals by model, purpose and status.
    package var statistics: JSONValue {
        let entries = entries
        func counts(_ key: (Entry) -> String) -> JSONValue {
            let counted = Dictionary(grouping: entries, by: key).mapValues(\.count)
            return .object(JSONObject(counted.sorted { $0.key < $1.key }.map { ($0.key, JSONValue($0.value)) }))
        }
        return [
            "requests": JSONValue(entries.count),
            "input_tokens": JSONValue(entries.reduce(0) { $0 + ($1.inputTokens ?? 0) }),
            "output_tokens": JSONValue(entries.reduce(0) { $0 + ($1.outputTokens ?? 0) }),
            "attempts": JSONValue(Set(entries.compactMap(\.attempt)).count), "by_status": counts { String($0.status) },
            "by_model": counts(\.model), "by_purpose": counts(\.purpose), "by_format": counts(\.format),
            "by_fault": counts { $0.fault ?? "none" },
        ]
    }
}
