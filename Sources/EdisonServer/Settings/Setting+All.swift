import EdisonAccounts
import EdisonCore
import EdisonQuotas
import EdisonWeb
import Logging

extension Setting {
    /// In the order in which the reference tells them.
    package static let all: [Setting] = place + people + traffic + work

    private static let place: [Setting] = [
        Setting(
            "host", "address", fallback: "127.0.0.1", "The address to listen at; 0.0.0.0 is every one of the machine."
        ) {
            $0.host = try $1.text()
        },
        Setting("port", "number", fallback: "8080", "The port to listen at; 0 takes a free one.") {
            $0.port = try $1.number(in: 0...65_535)
        },
        Setting("public_url", "address", "Where people and programs reach the server, when a proxy stands before it.") {
            $0.publicURL = try SettingText.address(try $1.text(), withPath: true)
        },
        Setting(
            "database", "file or postgres://… URL", fallback: ".edison/edison.db",
            "SQLite file, made when absent, or postgres://… URL."
        ) { $0.database = try $1.text() },
        Setting(
            "migrate", "true or false", fallback: "true on SQLite",
            "Brings the schema up to date at the start; where it is false, a database that lacks steps is refused."
        ) { $0.migrates = try $1.truth() },
        Setting(
            "secret_key", "base64", hasOption: false,
            "The key for secrets, 32 bytes; several between commas, the newest first. Stands above the file."
        ) { $0.secretKeys = $1.list().joined(separator: ",") },
        Setting(
            "secret_key_file", "file", fallback: "secret.key beside the database",
            "Holds the key for secrets, one a line, the newest first; made when absent, and refused when others may read it."
        ) { $0.secretKeyFile = try $1.text() },
    ]

    private static let people: [Setting] = [
        Setting(
            "registration", "open, invited or closed", fallback: "open on loopback, else invited",
            "Who may make an account: everybody, whoever is invited, or nobody."
        ) { $0.registration = try $1.choice() },
        Setting(
            "default_tier", "free, pro or enterprise", fallback: "free", hasOption: false,
            "The plan of new organizations; the first one is enterprise."
        ) { $0.standardTier = try $1.choice() },
        quota(of: .free), quota(of: .pro), quota(of: .enterprise),
        Setting(
            "allow_private_providers", "true or false", fallback: "true on loopback",
            "Whether providers may have loopback and private addresses."
        ) { $0.allowsPrivateProviders = try $1.truth() },
    ]

    private static func quota(of tier: OrganizationTier) -> Setting {
        Setting(
            "quota_\(tier.rawValue)", "list of name=number", fallback: "no limits", hasOption: false,
            """
            What each organization of the plan \(tier.rawValue) may have: members, projects, dataset_bytes, \
            requests_per_minute, monthly_usd. What is not named has no limit.
            """
        ) { $0.quotas[tier] = try Quota(reading: $1.list()) }
    }

    private static let traffic: [Setting] = [
        Setting(
            "allowed_origins", "list of addresses", "Pages of these origins may call the API from a browser."
        ) { $0.web.allowedOrigins = Set(try $1.list().map { try SettingText.address($0, withPath: false) }) },
        Setting("body_limit", "bytes", fallback: "10485760", "The largest JSON body that is read.") {
            $0.web.bodyLimit = try $1.number(in: 1_024...1 << 30)
        },
        Setting("requests_per_minute", "number", fallback: "1200", "Of one caller; 0 is no limit.") {
            let number = try $1.number(in: 0...10_000_000)
            $0.web.requestsPerMinute = number == 0 ? nil : number
        },
        Setting(
            "anonymous_requests_per_minute", "number", fallback: "120",
            "Of one address that has not signed in; 0 is no limit."
        ) {
            let number = try $1.number(in: 0...10_000_000)
            $0.web.anonymousRequestsPerMinute = number == 0 ? nil : number
        },
        Setting(
            "organization_requests_per_minute", "number", fallback: "12000", hasOption: false,
            "Of all callers of one organization together; 0 is no limit."
        ) {
            let number = try $1.number(in: 0...10_000_000)
            $0.web.organizationRequestsPerMinute = number == 0 ? nil : number
        },
        Setting(
            "trusts_proxy", "true or false", fallback: "false",
            "Takes a caller's address from X-Forwarded-For: only when a proxy of yours is the one way in."
        ) { $0.web.trustsProxy = try $1.truth() },
        Setting(
            "tls_terminated", "true or false", fallback: "false",
            "A proxy before the server speaks TLS: browsers are told to stay with it."
        ) { $0.web.isSecure = try $1.truth() },
    ]

    private static let work: [Setting] = [
        Setting(
            "workers", "number", fallback: "4",
            "Jobs that take long worked on at once, beside two that take seconds; 0 leaves all to edison worker."
        ) {
            $0.workers = try $1.number(in: 0...256)
        },
        Setting(
            "shutdown_seconds", "number", fallback: "8",
            "How long requests and jobs under way may still take after SIGTERM."
        ) { $0.shutdown = .seconds(try $1.number(in: 1...600)) },
        Setting(
            "log_level", "trace, debug, info, notice, warning, error or critical", fallback: "warning",
            "The least important lines that are written to standard error; info has one for each request."
        ) { $0.logLevel = try $1.choice() },
        Setting("log_format", "text or json", fallback: "text", "Lines for people, or one JSON object each.") {
            $0.logFormat = try $1.choice()
        },
    ]
}
