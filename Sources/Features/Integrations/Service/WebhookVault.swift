import EdisonCore
import EdisonSecrets

/// Seals what is secret in webhooks, each part for its own row.
struct WebhookVault: Sendable {
    let box: SecretBox

    func seal(url: String, secret: String?, of id: ID<Webhook>) throws -> SealedWebhook {
        SealedWebhook(
            url: try box.seal(url, for: Webhook.row(id, "url")), secret: try secret.map { try seal(secret: $0, of: id) }
        )
    }

    func seal(url: String, of id: ID<Webhook>) throws -> String { try box.seal(url, for: Webhook.row(id, "url")) }
    func seal(secret: String, of id: ID<Webhook>) throws -> String {
        try box.seal(secret, for: Webhook.row(id, "secret"))
    }

    func url(of webhook: Webhook) throws -> String {
        try box.open(webhook.sealed.url, for: Webhook.row(webhook.id, "url"))
    }

    /// Those that sign now, the newest first.
    func secrets(of webhook: Webhook, at moment: Timestamp) throws -> [String] {
        let isOldValid = webhook.sealed.previousUntil.map { moment < $0 } ?? false
        let present = try webhook.sealed.secret.map { try box.open($0, for: Webhook.row(webhook.id, "secret")) }
        // One that no key opens any more signs nothing; the new one does.
        let old = isOldValid ? webhook.sealed.previousSecret : nil
        let previous = old.flatMap { try? box.open($0, for: Webhook.row(webhook.id, "secret")) }
        return [present, previous].compactMap(\.self)
    }

    /// The same under the key that seals now; nil = all of it stands under that key already.
    func renewed(_ webhook: Webhook) throws -> SealedWebhook? {
        func renew(_ sealed: String, _ part: String) throws -> String {
            let row = Webhook.row(webhook.id, part)
            return box.isStale(sealed) ? try box.seal(try box.open(sealed, for: row), for: row) : sealed
        }
        var sealed = webhook.sealed
        sealed.url = try renew(sealed.url, "url")
        sealed.secret = try sealed.secret.map { try renew($0, "secret") }
        sealed.previousSecret = try sealed.previousSecret.map { try renew($0, "secret") }
        let isSame =
            sealed.url == webhook.sealed.url && sealed.secret == webhook.sealed.secret
            && sealed.previousSecret == webhook.sealed.previousSecret
        return isSame ? nil : sealed
    }
}
