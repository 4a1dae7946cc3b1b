import EdisonProviders
import Logging

extension ProvidersFeature {
    /// At each start: what an older key sealed is sealed under the newest one. A secret that no key opens keeps nobody
    /// from starting; the credential says so when it is used.
    func reseal(_ log: Logger) async {
        do {
            let result = try await credentials.reseal()
            if result.renewed > 0 { log.notice("secrets sealed anew", metadata: ["count": "\(result.renewed)"]) }
            for id in result.unreadable {
                log.warning(
                    "a provider's key cannot be opened: give the server the key for secrets that sealed it, or enter it anew",
                    metadata: ["credential": "\(id)"])
            }
        } catch { log.error("secrets were not sealed anew", metadata: ["error": "\(error)"]) }
    }
}
