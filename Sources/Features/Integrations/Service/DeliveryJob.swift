import EdisonCore
import EdisonJobs

/// One attempt of a delivery. The next one is a job of its own, so that its time is the receiver's to choose.
struct DeliveryJob: JobParameters {
    static let kind: JobKind = "webhook.deliver"

    let delivery: ID<WebhookDelivery>

    init(delivery: ID<WebhookDelivery>) { self.delivery = delivery }

    init(json: JSONValue) throws {
        guard let id = json["delivery"]?.string else { throw UnrecoverableJobError("It names no delivery.") }
        delivery = ID(id)
    }

    var json: JSONValue { ["delivery": .string(delivery.text)] }
}

/// Deletes messages that ended long ago.
struct ForgetDeliveriesJob: JobParameters {
    static let kind: JobKind = "webhook.forget"
    static let days = 30

    init() {}
    init(json: JSONValue) throws {}
    var json: JSONValue { .object([:]) }

    static let schedule = JobSchedule(
        "forget-webhook-deliveries", .daily(hour: 3, minute: 40), ForgetDeliveriesJob(), JobOptions(owner: "system"))
}

/// Takes up messages that a worker's death has left behind.
struct SweepDeliveriesJob: JobParameters {
    static let kind: JobKind = "webhook.sweep"

    init() {}
    init(json: JSONValue) throws {}
    var json: JSONValue { .object([:]) }

    static let schedule = JobSchedule(
        "sweep-webhook-deliveries", .hourly(minute: 20), SweepDeliveriesJob(), JobOptions(owner: "system"))
}
