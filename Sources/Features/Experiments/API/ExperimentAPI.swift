import EdisonCore
import EdisonEvents
import EdisonWeb
import HTTPTypes

/// The addresses of experiments: making, starting, stopping and reading them.
struct ExperimentAPI: Sendable {
    let experiments: HostedExperiments

    static let group = "Experiments"
    static let owner = EntityOwner("experiment") { id, db in
        try HostedStore().project(of: Experiment.ID(id), in: db).map { .project($0) }
    }

    var endpoints: [Endpoint] { making + running + EventsAPI(experiments: experiments).endpoints + reading }

    private var making: [Endpoint] {
        [
            .get(
                "/projects/{project}/experiments", "Lists the experiments of a project, newest first.",
                in: Self.group, .project(.readExperiments),
                query: [
                    QueryParameter("status", FieldType<ExperimentStatus>.word, "Only those; archived ones only so."),
                    QueryParameter("reference", .text(1...200), "Only those that their maker calls so."),
                ] + QueryParameter.page,
                .page(of: ExperimentRow.shape)
            ) { request in
                try await experiments.experiments(
                    of: try request.requireProject(), status: try request.query("status", .word),
                    reference: try request.query("reference", .text(1...200)),
                    try request.page())
            },
            .json(
                .post, "/projects/{project}/experiments", "Makes an experiment, as a draft.", in: Self.group,
                .project(.writeExperiments), takes: ExperimentRequest.self, .one(ExperimentView.shape, .created)
            ) { request, body in
                let made = try await experiments.create(
                    body.json, kind: body.kind, in: try request.requireProject(), by: request.actor)
                return try await experiments.view(made.id)
            },
            .get(
                "/experiments/{id}", "Shows an experiment with its last versions and iterations.", in: Self.group,
                .entity(.readExperiments, Self.owner), .tagged(ExperimentView.shape, \.hosted.tag)
            ) { try await experiments.view(try $0.id()) },
            .json(
                .patch, "/experiments/{id}", "Changes a draft, or the limits of one that has begun.",
                in: Self.group, .entity(.writeExperiments, Self.owner), takes: ChangeExperiment.self,
                .tagged(ExperimentView.shape, \.hosted.tag)
            ) { request, body in
                let view = try await experiments.view(try request.id())
                let tag = view.hosted.tag
                try request.requireMatch(EntityTag(named: tag), current: ExperimentView.shape.json(view))
                let changed = try await experiments.change(
                    view.hosted.id, body.json, seen: request.headers[.ifMatch].map { _ in tag }, by: request.actor)
                return try await experiments.view(changed.id)
            },
            .action(
                .post, "/experiments/{id}/estimate", "Says what it will probably take, before anything is spent.",
                in: Self.group, .entity(.readExperiments, Self.owner), .one(CostEstimate.shape)
            ) { try await experiments.estimate(try $0.id()) },
        ]
    }

    private struct Started: Sendable {
        let view: ExperimentView
        let iteration: String
    }

    private static let started = Shape<Started>(
        "StartedExperiment",
        [.text("iteration_id", \.iteration), .part("experiment", ExperimentView.shape, \.view)])

    private var running: [Endpoint] {
        [
            .json(
                .post, "/experiments/{id}/run", "Starts it, or goes on with it.", in: Self.group,
                .entity(.runExperiments, Self.owner), takes: RunRequest.self, .one(Self.started, .accepted)
            ) { request, body in
                let id: Experiment.ID = try request.id()
                if let version = body.version {
                    _ = try await experiments.change(
                        id, ["prompt_version_id": .string(version)], seen: nil, by: request.actor)
                }
                let found = try await experiments.start(id, by: request.actor)
                let view = try await experiments.view(found.id)
                let next =
                    (view.iterations.last { !$0.status.isTerminal }?.number)
                    ?? (view.iterations.last?.number ?? 0) + 1
                return Started(view: view, iteration: IterationID.of(next, in: id).text)
            }.failing(with: .paymentRequired),
            .action(
                .post, "/experiments/{id}/pause", "Stops it; what was paid for is kept.", in: Self.group,
                .entity(.runExperiments, Self.owner), .one(ExperimentView.shape)
            ) { try await experiments.view(try await experiments.pause(try $0.id(), by: $0.actor).id) },
            .action(
                .post, "/experiments/{id}/resume", "Goes on with it.", in: Self.group,
                .entity(.runExperiments, Self.owner), .one(ExperimentView.shape)
            ) { try await experiments.view(try await experiments.start(try $0.id(), by: $0.actor).id) }
            .failing(with: .paymentRequired),
            .action(
                .post, "/experiments/{id}/cancel", "Ends it for good.", in: Self.group,
                .entity(.runExperiments, Self.owner), .one(ExperimentView.shape)
            ) { try await experiments.view(try await experiments.cancel(try $0.id(), by: $0.actor).id) },
            .action(
                .post, "/experiments/{id}/archive", "Hides one that has ended from the list.", in: Self.group,
                .entity(.writeExperiments, Self.owner), .one(ExperimentView.shape)
            ) { try await experiments.view(try await experiments.archive(try $0.id(), by: $0.actor).id) },
            .action(
                .delete, "/experiments/{id}", "Deletes one that nobody works on, with all that it found.",
                in: Self.group, .entity(.writeExperiments, Self.owner), .nothing
            ) { try await experiments.delete(try $0.id(), by: $0.actor) },
        ]
    }

    private var reading: [Endpoint] {
        [
            .get(
                "/experiments/{id}/iterations", "Lists its iterations, first to last.", in: Self.group,
                .entity(.readExperiments, Self.owner), query: QueryParameter.page, .page(of: IterationView.shape)
            ) { try await experiments.iterations(of: try $0.id(), try $0.page()) },
            .get(
                "/iterations/{id}", "Shows an iteration.", in: Self.group,
                .entity(.readExperiments, Self.iterationOwner), .one(IterationView.shape)
            ) { try await experiments.iteration(try $0.parameter("id")) },
            .get(
                "/iterations/{id}/outputs", "Lists what its version answered, with the judgments.", in: Self.group,
                .entity(.readExperiments, Self.iterationOwner), query: QueryParameter.page, .page(of: OutputView.shape)
            ) { try await experiments.outputs(of: try $0.parameter("id"), try $0.page()) },
            .get(
                "/experiments/{id}/export", "The experiment as one archive (tar), to be taken elsewhere.",
                in: Self.group, .entity(.readExperiments, Self.owner), .raw(.ok, "application/x-tar")
            ) { request in
                let id: Experiment.ID = try request.id()
                return Answer(
                    .ok, .bytes(try await experiments.archive(of: id), type: "application/x-tar"),
                    headers: [.contentDisposition: "attachment; filename=\"experiment-\(id).tar\""])
            },
            .raw(
                .post, "/projects/{project}/experiments/import", "Takes an exported experiment, under new ids.",
                in: Self.group, .project(.writeExperiments), types: ["application/x-tar"], limit: 200 << 20,
                .one(ExperimentView.shape, .created)
            ) { request in
                let taken = try await experiments.take(
                    request.body, in: try request.requireProject(), by: request.actor)
                return try await experiments.view(taken.id)
            },
            .get(
                "/experiments/{id}/result", "The result, in the form of the result file.", in: Self.group,
                .entity(.readExperiments, Self.owner), .json("Result", ["type": "object"])
            ) { .object(try await experiments.result(of: try $0.id())) },
        ]
    }

    static let iterationOwner = EntityOwner("iteration") { id, db in
        try HostedStore().project(ofIteration: id, in: db).map { .project($0) }
    }
}
