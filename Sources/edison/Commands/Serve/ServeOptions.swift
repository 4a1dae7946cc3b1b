import ArgumentParser
import EdisonServer

/// The settings of the server that have an option. Their words come from the one list of settings.
struct ServeOptions: ParsableArguments {
    @Option(help: .setting("host")) var host: String?
    @Option(help: .setting("port")) var port: String?
    @Option(help: .setting("public_url")) var publicUrl: String?
    @Option(help: .setting("database")) var database: String?
    @Flag(help: .setting("migrate")) var migrate = false
    @Option(help: .setting("secret_key_file")) var secretKeyFile: String?
    @Option(help: .setting("registration")) var registration: String?
    @Flag(help: .setting("allow_private_providers")) var allowPrivateProviders = false
    @Option(help: .setting("allowed_origins")) var allowedOrigins: String?
    @Option(help: .setting("body_limit")) var bodyLimit: String?
    @Option(help: .setting("requests_per_minute")) var requestsPerMinute: String?
    @Option(help: .setting("anonymous_requests_per_minute")) var anonymousRequestsPerMinute: String?
    @Flag(help: .setting("trusts_proxy")) var trustsProxy = false
    @Flag(help: .setting("tls_terminated")) var tlsTerminated = false
    @Option(help: .setting("workers")) var workers: String?
    @Option(help: .setting("shutdown_seconds")) var shutdownSeconds: String?
    @Option(help: .setting("log_level")) var logLevel: String?
    @Option(help: .setting("log_format")) var logFormat: String?

    /// What was given, by the keys of the settings. A switch can only turn on; off is said by the file or a variable.
    var given: [String: String] {
        let texts: [(String, String?)] = [
            ("host", host), ("port", port), ("public_url", publicUrl), ("database", database),
            ("secret_key_file", secretKeyFile), ("registration", registration), ("allowed_origins", allowedOrigins),
            ("body_limit", bodyLimit), ("requests_per_minute", requestsPerMinute),
            ("anonymous_requests_per_minute", anonymousRequestsPerMinute), ("workers", workers),
            ("shutdown_seconds", shutdownSeconds), ("log_level", logLevel), ("log_format", logFormat),
        ]
        let switches = [
            ("migrate", migrate), ("allow_private_providers", allowPrivateProviders), ("trusts_proxy", trustsProxy),
            ("tls_terminated", tlsTerminated),
        ]
        var given: [String: String] = [:]
        for (key, text) in texts { given[key] = text }
        for (key, isOn) in switches where isOn { given[key] = "true" }
        return given
    }
}

extension ArgumentHelp {
    /// The sentence of a setting, with its default.
    static func setting(_ key: String) -> ArgumentHelp {
        guard let setting = Setting.named(key) else { return ArgumentHelp("") }
        let fallback = setting.fallback.isEmpty ? "" : " (default: \(setting.fallback))"
        return ArgumentHelp(stringLiteral: setting.sentence + fallback)
    }
}
