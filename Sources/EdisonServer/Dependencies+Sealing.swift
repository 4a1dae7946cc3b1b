import EdisonIntegrations
import EdisonProviders
import Logging

extension Dependencies {
    /// Whether the key for secrets is one that has sealed what is stored, or nothing is stored yet.
    func opensSecrets(_ log: Logger) async -> Bool {
        do {
            try await providers.credentials.requireOwnKey()
            return true
        } catch {
            log.error(
                """
                this server takes no jobs: the key for secrets is not the one that sealed what is in the database. \
                Give it the right one, or enter the keys of the providers anew and start it again
                """)
            return false
        }
    }

    /// At each start: what an older key sealed is sealed under the newest one. A secret that no key opens keeps nobody
    /// from starting; what it belongs to says so when it is used.
    func reseal(_ log: Logger) async {
        do {
            let credentials = try await providers.credentials.reseal()
            let webhooks = try await integrations.webhooks.reseal()
            let renewed = credentials.renewed + webhooks.renewed
            if renewed > 0 { log.notice("secrets sealed anew", metadata: ["count": "\(renewed)"]) }
            let advice = "give the server the key for secrets that sealed it, or enter it anew"
            for id in credentials.unreadable {
                log.warning("a provider's key cannot be opened: \(advice)", metadata: ["credential": "\(id)"])
            }
            for id in webhooks.unreadable {
                log.warning("a webhook's address cannot be opened: \(advice)", metadata: ["webhook": "\(id)"])
            }
        } catch { log.error("secrets were not sealed anew", metadata: ["error": "\(error)"]) }
    }
}
