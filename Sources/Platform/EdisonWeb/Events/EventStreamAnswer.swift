import EdisonCore
package import EdisonEvents
import Hummingbird
import NIOCore

extension Answer {
    /// `text/event-stream`: events after `Last-Event-ID`, then those to come, each once and in order, with a heartbeat
    /// in silence. It ends when the reader goes or reads nothing, when the server shuts down, or after an event that
    /// `isLast` names.
    package static func events(
        _ log: EventLog, _ stream: EventStream, _ request: APIRequest, heartbeat: Duration = .seconds(15),
        isLast: @escaping @Sendable (Event) -> Bool = { _ in false }
    ) throws -> Answer {
        let feed = log.follow(stream, after: try request.lastEvent())
        let connection = request.connection
        let body = ResponseBody { writer in
            let delivery = EventDelivery(writer, heartbeat: heartbeat, isStillAllowed: request.isStillAllowed)
            // The head goes out at once, and the reader knows that it is connected.
            try await delivery.write("retry: 2000\n\n")
            do {
                try await delivery.send(feed, on: connection, isLast: isLast)
            } catch is CancellationError {} catch is EventDelivery.RightsEnded {} catch let error as EdisonError
                where error.code == .gone
            {
                // What was missed is no longer kept: a client that reads this loads anew.
                try await delivery.write("event: reset\ndata: {}\n\n")
            }
            try await delivery.finish()
        }
        return Answer(
            .ok, .stream(body, type: "text/event-stream"),
            headers: [.cacheControl: "no-store", .init("X-Accel-Buffering")!: "no"])
    }
}

extension Event {
    /// As `text/event-stream` has it; JSON has no line end of its own.
    var frame: String {
        var data: JSONObject = payload.object ?? ["value": payload]
        data["at"] = .string(recordedAt.rfc3339)
        return "id: \(position)\nevent: \(kind.name)\ndata: \(JSONValue.object(data).text())\n\n"
    }
}

extension APIRequest {
    /// The position that a reader of a stream has got to; 0 is the beginning.
    package func lastEvent() throws -> Int64 {
        let given = headers[.init("Last-Event-ID")!] ?? queryItems["last_event_id"] ?? ""
        guard !given.isEmpty else { return 0 }
        guard let position = Int64(given), position >= 0 else {
            throw EdisonError(
                .invalid, "Last-Event-ID is the number of an event of this stream.",
                issues: [FieldIssue(path: "Last-Event-ID", message: "must be a whole number from 0 on")])
        }
        return position
    }
}
