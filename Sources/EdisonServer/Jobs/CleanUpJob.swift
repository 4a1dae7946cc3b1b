import EdisonCore
import EdisonEvents
import EdisonJobs

/// Deletes what has been kept for long enough.
struct CleanUpJob: JobParameters {
    static let kind: JobKind = "clean-up"

    init() {}
    init(json: JSONValue) throws {}
    var json: JSONValue { .object([:]) }

    static func definition(events: EventLog, queue: JobQueue, _ settings: WorkerSettings) -> JobDefinition {
        JobDefinition(CleanUpJob.self, isBrief: true) { _, context in
            func before(_ days: Int) -> Timestamp { .now.advanced(by: .seconds(-86_400 * days)) }
            let forgotten = try await events.forget(before: before(settings.eventDays))
            let ended = try await queue.forget(before: before(settings.jobDays))
            try await context.report(["events": .integer(Int64(forgotten)), "jobs": .integer(Int64(ended))])
        }
    }

    static let schedule = JobSchedule(
        "clean-up", .daily(hour: 3, minute: 30), CleanUpJob(), JobOptions(owner: "system"))
}
