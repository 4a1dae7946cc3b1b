import EdisonCore
import EdisonPrompts
import EdisonWeb
import HTTPTypes

/// What waits for a person, and the decisions.
struct ReviewAPI: Sendable {
    let experiments: HostedExperiments

    private static let group = "Reviews"
    private static let suggestionOwner = EntityOwner("suggestion") { id, db in
        try HostedStore().project(ofSuggestion: id, in: db).map { .project($0) }
    }
    private static let outputOwner = EntityOwner("output") { id, db in
        try HostedStore().project(ofOutput: id, in: db).map { .project($0) }
    }

    var endpoints: [Endpoint] {
        [
            .get(
                "/experiments/{id}/suggestions",
                "Lists what waits for a person in an experiment, and what was decided.",
                in: Self.group, .entity(.readExperiments, ExperimentAPI.owner),
                query: [
                    QueryParameter(
                        "kind", FieldType<ReviewShape.Kind>.word, "Only candidates, or only flagged outputs."),
                    QueryParameter("decided", .bool, "Only what was decided, or only what waits."),
                ], .list(of: ReviewShape.shape)
            ) { request in
                let kind = try request.query("kind", FieldType<ReviewShape.Kind>.word)
                let decided = try request.query("decided", .bool)
                return try await experiments.suggestions(of: try request.id()).filter { item in
                    (kind.map { $0 == ReviewShape.Kind(item) } ?? true)
                        && (decided.map { $0 == item.isDecided } ?? true)
                }
            },
            .json(
                .post, "/suggestions/{id}/review", "Decides on a candidate; when nothing waits any more, it goes on.",
                in: Self.group, .entity(.reviewExperiments, Self.suggestionOwner), takes: ReviewRequest.self,
                .one(ReviewShape.shape)
            ) { request, body in
                try await experiments.decide(
                    try body.reviewDecision, on: try request.parameter("id"), by: request.actor)
            },
            .json(
                .post, "/outputs/{id}/review", "Says whether a flag of an output is right.", in: Self.group,
                .entity(.reviewExperiments, Self.outputOwner), takes: OutputReviewRequest.self,
                .one(ReviewShape.shape)
            ) { request, body in
                let review = FlagReview(
                    body.decision == .confirmed ? .confirmed : .dismissed, note: body.notes,
                    author: request.principal.user?.text ?? "unknown")
                return try await experiments.decide(review, on: try request.parameter("id"), by: request.actor)
            },
        ]
    }
}

extension ReviewRequest {
    fileprivate var reviewDecision: ReviewDecision {
        get throws {
            switch decision {
            case .reject: return .reject(note: notes)
            case .requestChanges: return .requestChanges(note: notes)
            case .approve:
                guard let edited else { return .approve(note: notes) }
                return .edit(try PromptContentRequest.read(.object(edited)).content, note: notes)
            }
        }
    }
}
