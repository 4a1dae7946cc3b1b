import EdisonEvents
import EdisonJobs
import EdisonSQL

/// All that a worker of this program can do, and what recurs: one list for the server and for `edison worker`.
struct JobList: Sendable {
    let queue: JobQueue
    let events: EventLog
    let definitions: [JobDefinition]
    let schedules: [JobSchedule]

    /// - Parameters:
    ///   - features: what the features' jobs do.
    ///   - schedules: which of them recur.
    init(
        queue: JobQueue, events: EventLog, _ settings: WorkerSettings, features: [JobDefinition],
        schedules: [JobSchedule]
    ) {
        self.queue = queue
        self.events = events
        definitions = features + [CleanUpJob.definition(events: events, queue: queue, settings)]
        self.schedules = schedules + [CleanUpJob.schedule]
    }

    init(_ database: Database, definitions: [JobDefinition], schedules: [JobSchedule] = []) {
        queue = JobQueue(database: database)
        events = EventLog(database: database)
        self.definitions = definitions
        self.schedules = schedules
    }
}
