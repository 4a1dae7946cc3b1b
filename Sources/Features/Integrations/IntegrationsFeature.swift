package import EdisonJobs
package import EdisonLLM
package import EdisonSQL
package import EdisonSecrets
package import EdisonWeb

/// What the integrations feature gives to the server: webhooks, their messages, and the jobs that send them.
package struct IntegrationsFeature: Sendable {
    package let webhooks: WebhookService
    private let deliveries: DeliveryService

    package init(
        database: Database, box: SecretBox, queue: JobQueue, transport: HTTPTransport, addresses: AddressPolicy
    ) {
        webhooks = WebhookService(database: database, box: box, addresses: addresses)
        deliveries = DeliveryService(
            webhooks: webhooks, outbox: DeliveryOutbox(queue: queue), transport: transport)
    }

    package var endpoints: [EdisonWeb.Endpoint] {
        WebhookAPI(webhooks: webhooks, deliveries: deliveries).endpoints
    }

    package var jobs: [JobDefinition] { deliveries.jobs }
    package var schedules: [JobSchedule] { [ForgetDeliveriesJob.schedule, SweepDeliveriesJob.schedule] }
}
