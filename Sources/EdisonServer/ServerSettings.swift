package import EdisonAccounts
package import EdisonCore
package import EdisonQuotas
import EdisonSQL
package import EdisonWeb
import Foundation
package import Logging

/// What whoever runs the server decides. Where it may be written down, and in which words, says `Setting`.
package struct ServerSettings: Sendable {
    package var host = "127.0.0.1"
    package var port = 8080
    package var database = ".edison/edison.db"
    /// Whether the server may change the schema; nil: on SQLite, where it is alone.
    package var migrates: Bool?
    /// Sealing keys in base64, the newest first; nil = `secretKeyFile`.
    package var secretKeys: String?
    /// nil: beside the database.
    package var secretKeyFile: String?
    /// Where the key for secrets is. Beside the file of the database, so that a server that is started from another
    /// folder finds it; for a database elsewhere in `.edison`.
    package var secretKeyPlace: String {
        if let secretKeyFile { return secretKeyFile }
        guard let file = (try? Database.path(of: database)) ?? nil else { return ".edison/secret.key" }
        let parts = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (parts + ["secret.key"]).joined(separator: "/")
    }
    /// nil: open on loopback, else by invitation.
    package var registration: RegistrationPolicy?
    /// What each tier allows.
    package var quotas: [OrganizationTier: Quota] = [:]
    /// Of new organizations.
    package var standardTier = OrganizationTier.free
    /// Where people and programs reach the server, when that is not where it listens.
    package var publicURL: String?
    /// Whether providers may have loopback and private addresses; nil: while the server listens on loopback only.
    package var allowsPrivateProviders: Bool?
    /// How many jobs are worked on at once; 0 leaves them to other processes.
    package var workers: Int {
        get { jobs.concurrency }
        set { jobs.concurrency = newValue }
    }
    package var shutdown: Duration = .seconds(8)
    package var logLevel = Logger.Level.warning
    package var logFormat = LogFormat.text
    package var web = WebSettings()
    package var jobs = WorkerSettings()

    package init() {}

    package var isLoopback: Bool { Self.isLoopback(host) }
    /// Whether credentials may lead to this machine and to private networks.
    package var mayCallPrivateProviders: Bool { allowsPrivateProviders ?? isLoopback }
    /// Of a process that listens nowhere: what the server's `host` allows there holds where both surely share a machine.
    var asWorker: ServerSettings {
        var settings = self
        settings.allowsPrivateProviders = allowsPrivateProviders ?? (isLoopback && isDatabaseHere)
        return settings
    }

    private var isDatabaseHere: Bool {
        guard let host = URLComponents(string: database)?.host else { return true }
        return Self.isLoopback(host)
    }

    package static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host == "[::1]" || host.wholeMatch(of: /127(\.\d+){3}/) != nil
    }

    var registrationPolicy: RegistrationPolicy { registration ?? (isLoopback ? .open : .invited) }

    /// Where a browser on this machine reaches it: one that listens at all addresses has none of these for a name.
    package func url(port: Int) -> String {
        let name = ["0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
        return "http://\(name.contains(":") ? "[\(name)]" : name):\(port)"
    }
}

/// How lines of the log are written.
package enum LogFormat: String, Sendable, CaseIterable {
    case text, json
}
