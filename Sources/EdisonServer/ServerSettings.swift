package import EdisonAccounts
import EdisonCore
package import EdisonWeb

/// What whoever runs the server decides.
package struct ServerSettings: Sendable {
    package var host = "127.0.0.1"
    package var port = 8080
    package var database = ".edison/edison.db"
    /// Sealing keys in base64, the newest first; nil = a file beside the SQLite database, or in `.edison`.
    package var secretKeys: String?
    package var secretKeyFile = ".edison/secret.key"
    /// nil: open on loopback, else by invitation.
    package var registration: RegistrationPolicy?
    package var web = WebSettings()
    package var jobs = WorkerSettings()

    package init() {}

    package var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
    var registrationPolicy: RegistrationPolicy { registration ?? (isLoopback ? .open : .invited) }
}
