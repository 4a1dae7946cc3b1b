import EdisonAccounts
import EdisonCore
import EdisonQuotas
import EdisonWeb
import Foundation
import Logging
import Testing

@testable import EdisonServer

@Suite("Settings of the server")
struct SettingTests {
    private func settings(
        file: String? = nil, environment: [String: String] = [:], options: [String: String] = [:]
    ) throws -> ServerSettings {
        var sources = SettingSources()
        sources.environment = environment
        sources.options = options
        guard let file else { return try sources.settings() }
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("edison-\(UUID().uuidString).yaml")
        try Data(file.utf8).write(to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        sources.file = place.path
        return try sources.settings()
    }

    private func faults(_ read: () throws -> ServerSettings) throws -> [FieldIssue] {
        try #require(throws: EdisonError.self) { try read() }.issues
    }

    @Test(
        "what is printed opens in a browser on this machine",
        arguments: [
            ("127.0.0.1", "http://127.0.0.1:8"), ("0.0.0.0", "http://127.0.0.1:8"), ("::", "http://[::1]:8"),
            ("::1", "http://[::1]:8"), ("edison.example.org", "http://edison.example.org:8"),
        ])
    func address(host: String, url: String) {
        var settings = ServerSettings()
        settings.host = host
        #expect(settings.url(port: 8) == url)
    }

    @Test("the key for secrets stands beside the file of the database, unless it is named")
    func keyPlace() throws {
        var settings = ServerSettings()
        #expect(settings.secretKeyPlace == ".edison/secret.key")
        for (database, key) in [
            ("run.db", "secret.key"), ("/data/a.db", "/data/secret.key"), ("sqlite:/data/a.db", "/data/secret.key"),
            ("postgres://edison@db/edison", ".edison/secret.key"),
        ] {
            settings.database = database
            #expect(settings.secretKeyPlace == key)
        }
        settings.secretKeyFile = "apart.key"
        #expect(settings.secretKeyPlace == "apart.key")
    }

    @Test("only a worker that surely shares the server's machine reaches private addresses unasked")
    func worker() {
        func mayReach(_ change: (inout ServerSettings) -> Void) -> Bool {
            var settings = ServerSettings()
            change(&settings)
            return settings.asWorker.mayCallPrivateProviders
        }
        #expect(mayReach { _ in })
        #expect(mayReach { $0.database = "postgres://edison@127.0.0.1:5432/edison" })
        #expect(!mayReach { $0.database = "postgres://edison@db.example.org/edison" })
        #expect(!mayReach { $0.host = "0.0.0.0" })
        #expect(!mayReach { $0.host = "127.example.org" }, "a name is no address of this machine")
        #expect(
            mayReach {
                $0.database = "postgres://edison@db.example.org/edison"
                $0.allowsPrivateProviders = true
            })
        #expect(!mayReach { $0.allowsPrivateProviders = false })
    }

    @Test("options stand above the environment, the environment above the file, the file above the defaults")
    func order() throws {
        let file = "port: 1001\nhost: 127.0.0.2\nworkers: 7\n"
        let read = try settings(
            file: file, environment: ["EDISON_PORT": "1002", "EDISON_HOST": "127.0.0.3"], options: ["port": "1003"])
        #expect(read.port == 1003)
        #expect(read.host == "127.0.0.3")
        #expect(read.workers == 7)
        #expect(read.logFormat == .text)
    }

    @Test("each setting can be written in the file, in the environment, and by an option where it has one")
    func everywhere() throws {
        let samples: [String: (text: String, holds: (ServerSettings) -> Bool)] = [
            "host": ("0.0.0.0", { $0.host == "0.0.0.0" }), "port": ("9000", { $0.port == 9000 }),
            "public_url": ("https://e.example.org/", { $0.publicURL == "https://e.example.org" }),
            "database": ("other.db", { $0.database == "other.db" }), "migrate": ("false", { $0.migrates == false }),
            "secret_key": ("a2V5", { $0.secretKeys == "a2V5" }),
            "secret_key_file": ("k", { $0.secretKeyFile == "k" }),
            "registration": ("closed", { $0.registration == .closed }),
            "allow_private_providers": ("true", { $0.allowsPrivateProviders == true }),
            "allowed_origins": (
                "https://a.example, https://b.example:8443",
                { $0.web.allowedOrigins == ["https://a.example", "https://b.example:8443"] }
            ),
            "body_limit": ("2048", { $0.web.bodyLimit == 2048 }),
            "requests_per_minute": ("0", { $0.web.requestsPerMinute == nil }),
            "anonymous_requests_per_minute": ("5", { $0.web.anonymousRequestsPerMinute == 5 }),
            "organization_requests_per_minute": ("6", { $0.web.organizationRequestsPerMinute == 6 }),
            "trusts_proxy": ("yes", { $0.web.trustsProxy }), "tls_terminated": ("on", { $0.web.isSecure }),
            "workers": ("0", { $0.workers == 0 }), "shutdown_seconds": ("30", { $0.shutdown == .seconds(30) }),
            "default_tier": ("pro", { $0.standardTier == .pro }),
            "quota_free": (
                "members=5, monthly_usd=12.5",
                {
                    $0.quotas[.free]?.stored == [.members: 5]
                        && $0.quotas[.free]?.monthlySpending == Money(dollars: 12.5)
                }
            ),
            "quota_pro": ("requests_per_minute = 60", { $0.quotas[.pro]?.requestsPerMinute == 60 }),
            "quota_enterprise": (
                "dataset_bytes=0,projects=1", { $0.quotas[.enterprise]?.stored == [.datasetBytes: 0, .projects: 1] }
            ),
            "log_level": ("debug", { $0.logLevel == .debug }), "log_format": ("json", { $0.logFormat == .json }),
        ]
        #expect(Set(samples.keys) == Set(Setting.all.map(\.key)))
        for setting in Setting.all {
            let (text, holds) = try #require(samples[setting.key])
            #expect(!holds(ServerSettings()), "the sample of \(setting.key) is what holds anyway")
            #expect(holds(try settings(file: "\(setting.key): \(text)\n")), "\(setting.key) in the file")
            #expect(holds(try settings(environment: [setting.variable: text])), "\(setting.variable)")
            #expect(holds(try settings(options: [setting.key: text])), "\(setting.option)")
        }
    }

    @Test("a list of the file is a list")
    func lists() throws {
        let read = try settings(file: "allowed_origins:\n  - https://a.example\n  - https://b.example/\n")
        #expect(read.web.allowedOrigins == ["https://a.example", "https://b.example"])
        #expect(try settings(file: "allowed_origins: []\n").web.allowedOrigins.isEmpty)
    }

    @Test("all faults are told at once, with their places")
    func places() throws {
        let file = "port: 70000\nhots: x\nlog_format: xml\n"
        let found = try faults {
            try settings(file: file, environment: ["EDISON_WORKERS": "many"], options: ["log_level": "loud"])
        }
        #expect(found.map(\.path) == ["port", "hots", "log_format", "EDISON_WORKERS", "--log-level"])
        #expect(found.map(\.line) == [1, 2, 3, nil, nil])
        #expect(found.map(\.column) == [7, 1, 13, nil, nil])
        #expect(found[1].message.contains("did you mean \"host\"?"))
        #expect(found[0].message == "must be a whole number from 0 to 65535")
    }

    @Test(
        "what is no value of a setting is refused",
        arguments: [
            ("port", "-1"), ("port", "80.5"), ("migrate", "maybe"), ("registration", "OPEN"), ("body_limit", "10"),
            ("public_url", "edison.example.org"), ("public_url", "https://u:p@h"), ("allowed_origins", "*"),
            ("allowed_origins", "https://a.example/path"), ("shutdown_seconds", "0"), ("host", ""),
            ("default_tier", "gold"), ("quota_free", "members"), ("quota_free", "members=0"), ("quota_free", "seats=1"),
            ("quota_free", "members=1, members=2"), ("quota_free", "monthly_usd=-1"), ("quota_free", "monthly_usd=nan"),
        ])
    func refused(key: String, text: String) throws {
        let found = try faults { try settings(options: [key: text]) }
        #expect(found.count == 1)
    }

    @Test("a variable that is empty counts as not set, and an empty file says nothing")
    func empty() throws {
        #expect(try settings(environment: ["EDISON_PORT": ""]).port == 8080)
        #expect(try settings(file: "# nothing\n").port == 8080)
        #expect(try settings(file: "port:\n").port == 8080)
    }

    @Test("a database's address may come in a file of its own")
    func databaseFile() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("edison-\(UUID().uuidString)")
        try Data("postgres://edison:word@db/edison\n".utf8).write(to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        let read = try settings(environment: ["EDISON_DATABASE_FILE": place.path])
        #expect(read.database == "postgres://edison:word@db/edison")
        #expect(
            try settings(environment: ["EDISON_DATABASE_FILE": place.path, "EDISON_DATABASE": "x"]).database == "x")
        #expect(try faults { try settings(environment: ["EDISON_DATABASE_FILE": "/no/file"]) }.count == 1)
    }

    @Test("a file that is no mapping, and one that is not there, are refused")
    func files() throws {
        #expect(throws: EdisonError.self) { try settings(file: "- port\n") }
        #expect(throws: EdisonError.self) { try settings(file: "port: [\n") }
        var sources = SettingSources()
        sources.file = "/no/such/file"
        #expect(throws: EdisonError.self) { try sources.settings() }
    }

    @Test("the page tells of every setting")
    func page() {
        for setting in Setting.all {
            #expect(SettingsPage.text.contains("| `\(setting.key)` | `\(setting.variable)` |"))
            #expect(SettingsPage.text.contains(setting.sentence))
        }
    }
}
