import EdisonCore
import EdisonJobs
import EdisonSQL
import EdisonWeb
import HTTPTypes

extension Permission {
    static let readJobs = Permission("jobs:read", from: .admin)
    static let manageJobs = Permission("jobs:manage", from: .admin)
    static let readProjectJobs = Permission("project-jobs:read", from: .viewer)
}

/// Queue, workers and dead letters for whoever runs the installation, and its own jobs for each project.
struct JobsAPI: Sendable {
    private static let group = "Jobs"

    private let queue: JobQueue
    private let jobs: JobAdministration
    private let register: WorkerRegister

    init(database: Database, queue: JobQueue) {
        self.queue = queue
        jobs = JobAdministration(database: database, queue: queue)
        register = WorkerRegister(queue)
    }

    var endpoints: [Endpoint] {
        [
            .get(
                "/jobs", "Lists jobs, the newest first; the failed ones are the dead letters.", in: Self.group,
                .installation(.readJobs), query: Self.filters + [Self.owner] + QueryParameter.page,
                .page(of: Job.fullShape)
            ) { request in
                var filter = try Self.filter(request)
                filter.owner = try request.query("owner", .text(1...200))
                return try await queue.jobs(filter, try request.page())
            },
            .get(
                "/jobs/queues", "Counts jobs by kind and owner, and tells since when the first one waits.",
                in: Self.group, .installation(.readJobs), query: QueryParameter.page, .page(of: QueueState.shape)
            ) { request in try await queue.queues(try request.page()) },
            .get("/jobs/{id}", "Shows a job.", in: Self.group, .installation(.readJobs), .one(Job.fullShape)) {
                request in
                try await jobs.job(try request.id())
            },
            .action(
                .post, "/jobs/{id}/cancel", "Cancels a waiting job, or asks the worker of a running one to stop.",
                in: Self.group, .installation(.manageJobs), .one(Job.fullShape)
            ) { request in try await jobs.cancel(try request.id(), by: request.actor) },
            .action(
                .post, "/jobs/{id}/retry", "Gives a failed or cancelled job all its attempts again.", in: Self.group,
                .installation(.manageJobs), .one(Job.fullShape)
            ) { request in try await jobs.retry(try request.id(), by: request.actor) },
            .get(
                "/workers", "Lists workers: those that have signed in, and those that hold a job.", in: Self.group,
                .installation(.readJobs), .page(of: WorkerRecord.shape)
            ) { _ in Listing(items: try await register.workers()) },
            .get(
                "/projects/{project}/jobs", "Lists the jobs of a project, the newest first.", in: Self.group,
                .project(.readProjectJobs), query: Self.filters + QueryParameter.page, .page(of: Job.shape)
            ) { request in
                var filter = try Self.filter(request)
                filter.project = try request.requireProject()
                return try await queue.jobs(filter, try request.page())
            },
        ]
    }

    private static let filters = [
        QueryParameter("status", FieldType<JobStatus>.word, "Only jobs in this state."),
        QueryParameter("kind", .text(1...200), "Only jobs of this kind."),
    ]
    private static let owner = QueryParameter("owner", .text(1...200), "Only jobs that wait their turn for this owner.")

    private static func filter(_ request: APIRequest) throws -> JobFilter {
        JobFilter(
            status: try request.query("status", .word),
            kind: try request.query("kind", .text(1...200)).map { JobKind($0) })
    }
}
