import EdisonCore
import EdisonEvents
import EdisonWeb
import HTTPTypes

/// What happens in an experiment, for whoever follows it.
struct EventsAPI: Sendable {
    let experiments: HostedExperiments

    /// Where a stream may end by itself.
    private enum End: String, CaseIterable, Sendable { case rest }

    private static let query = [
        QueryParameter("last_event_id", .integer(0...Int.max), "As the header Last-Event-ID."),
        QueryParameter(
            "until", FieldType<End>.word,
            "rest: the stream ends when the experiment has ended or waits for a person. Else it stays open."),
    ]

    var endpoints: [Endpoint] {
        [
            .get(
                "/experiments/{id}/events", "What happens in it, as it happens.", in: ExperimentAPI.group,
                .entity(.readExperiments, ExperimentAPI.owner), query: Self.query, .raw(.ok, "text/event-stream")
            ) { try await stream(of: try $0.id(), $0) },
            .get(
                "/iterations/{id}/events", "What happens in the experiment of an iteration, as it happens.",
                in: ExperimentAPI.group, .entity(.readExperiments, ExperimentAPI.iterationOwner), query: Self.query,
                .raw(.ok, "text/event-stream")
            ) { request in
                let iteration = try await experiments.iteration(try request.parameter("id"))
                return try await stream(of: iteration.experiment, request)
            },
        ]
    }

    private func stream(of id: Experiment.ID, _ request: APIRequest) async throws -> Answer {
        let stream = ExperimentStore.stream(of: id)
        guard try request.query("until", FieldType<End>.word) == .rest else {
            return try .events(experiments.events, stream, request)
        }
        let standing = try await experiments.standing(of: id)
        if standing.goesOn {
            return try .events(experiments.events, stream, request) { event in
                event.position > standing.position && event.kind.isRest
            }
        }
        // Nothing will come any more that could end the stream.
        guard try request.lastEvent() < standing.position else {
            return Answer(.ok, .bytes([], type: "text/event-stream"), headers: [.cacheControl: "no-store"])
        }
        return try .events(experiments.events, stream, request) { $0.position >= standing.position }
    }
}

extension EventKind {
    /// Nothing goes on behind it until somebody does something.
    fileprivate var isRest: Bool {
        ExperimentStatus.allCases.contains { $0 != .running && $0 != .draft && name == "experiment:\($0.rawValue)" }
    }
}
