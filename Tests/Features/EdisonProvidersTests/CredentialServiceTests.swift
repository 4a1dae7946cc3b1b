import EdisonCore
import EdisonLLM
import EdisonProviders
import EdisonSQL
import EdisonTestKit
import Foundation
import Testing

@Suite("Credentials")
struct CredentialServiceTests {
    typealias Fixture = ProvidersFixture

    @Test("a credential comes back as it was stored, with the end of its key alone", arguments: TestDatabase.allCases)
    func roundTrip(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let service = try fixture.credentials()
            let made = try await service.create(
                fixture.wish(
                    config: ["headers": ["X-Team": "red"], "requests_per_minute": 60, "api_version": "2026-01-01"],
                    rotationDays: 30), in: Fixture.project, by: Fixture.actor)
            let read = try await service.credential(made.id)
            #expect(read == made)
            #expect(read.keyHint == "…LAST")
            #expect(read.config.json["headers"] == ["X-Team": "•••"])
            #expect(read.rotation.dueAt == made.createdAt.advanced(by: .seconds(30 * 86_400)))
            let endpoint = try await service.endpoint(of: made.id, in: Fixture.project)
            #expect(endpoint.apiKey == Secret(Fixture.key))
            #expect(endpoint.baseURL == "\(fixture.server.url)/v1")
            #expect(endpoint.credentialID == made.id.text)
            #expect(endpoint.settings["headers"] == ["X-Team": "red"])
            #expect(endpoint.settings["api_version"] == "2026-01-01")
            #expect(endpoint.settings["requests_per_minute"] == 60)
        }
    }

    @Test("nothing of a short key is shown, and a provider without a key needs none", arguments: TestDatabase.allCases)
    func hints(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let service = try fixture.credentials()
            let short = try await service.create(
                fixture.wish("short", key: "12345678901"), in: Fixture.project, by: Fixture.actor)
            #expect(short.keyHint == nil && short.sealedSecret != nil)
            let keyless = try await service.create(
                fixture.wish("keyless", key: nil), in: Fixture.project, by: Fixture.actor)
            #expect(keyless.sealedSecret == nil)
            #expect(try await service.endpoint(of: keyless.id, in: Fixture.project).apiKey == nil)
            let needy = NewCredential(
                provider: "openai", label: "needy", apiKey: nil, config: CredentialConfig(), isActive: true,
                rotationDays: nil)
            let error = await #expect(throws: EdisonError.self) {
                try await service.create(needy, in: Fixture.project, by: Fixture.actor)
            }
            #expect(error?.issues.map(\.path) == ["api_key"])
        }
    }

    @Test("a label names one credential of a provider in a project", arguments: TestDatabase.allCases)
    func labels(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let service = try fixture.credentials()
            try await service.create(fixture.wish("a"), in: Fixture.project, by: Fixture.actor)
            let second = try await service.create(fixture.wish("b"), in: Fixture.project, by: Fixture.actor)
            try await service.create(fixture.wish("a"), in: Fixture.other, by: Fixture.actor)
            for work in [
                { try await service.create(fixture.wish("a"), in: Fixture.project, by: Fixture.actor) },
                { try await service.change(second.id, CredentialChange(label: "a"), by: Fixture.actor) },
            ] as [@Sendable () async throws -> ProviderCredential] {
                let error = await #expect(throws: EdisonError.self) { try await work() }
                #expect(error?.code == .conflict && error?.issues.map(\.path) == ["label"])
            }
            #expect(try await service.credential(second.id).label == "b")
        }
    }

    @Test("another project's credential is not there", arguments: TestDatabase.allCases)
    func tenants(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let service = try fixture.credentials()
            let made = try await service.create(fixture.wish(), in: Fixture.project, by: Fixture.actor)
            for id in [made.id, ProviderCredential.ID("nothing")] {
                let error = await #expect(throws: EdisonError.self) {
                    try await service.endpoint(of: id, in: Fixture.other)
                }
                #expect(error?.code == .notFound)
            }
            #expect(try await service.list(of: Fixture.other, provider: nil, PageRequest()).items.isEmpty)
        }
    }

    @Test("what is changed takes effect with the next look", arguments: TestDatabase.allCases)
    func changes(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let service = try fixture.credentials()
            let id = try await service.create(fixture.wish(), in: Fixture.project, by: Fixture.actor).id
            try await service.change(id, CredentialChange(isActive: false), by: Fixture.actor)
            let off = await #expect(throws: EdisonError.self) {
                try await service.endpoint(of: id, in: Fixture.project)
            }
            #expect(off?.code == .conflict)
            try await service.change(
                id, CredentialChange(key: .set("another-key-0001"), isActive: true), by: Fixture.actor)
            #expect(try await service.endpoint(of: id, in: Fixture.project).apiKey == Secret("another-key-0001"))
            #expect(try await service.credential(id).keyHint == "…0001")
            try await service.change(id, CredentialChange(key: .removed), by: Fixture.actor)
            #expect(try await service.endpoint(of: id, in: Fixture.project).apiKey == nil)
            try await service.delete(id, by: Fixture.actor)
            let gone = await #expect(throws: EdisonError.self) {
                try await service.endpoint(of: id, in: Fixture.project)
            }
            #expect(gone?.code == .notFound)
            let actions = try await fixture.database.read { db in
                try db.fetch("SELECT action FROM audit_entry ORDER BY id").map { try $0.string("action") }
            }
            #expect(actions == ["created", "updated", "updated", "updated", "deleted"].map { "credential.\($0)" })
        }
    }

    @Test("stored secrets go to no other address", arguments: TestDatabase.allCases)
    func moves(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let service = try fixture.credentials()
            let id = try await service.create(
                fixture.wish(config: ["headers": ["X-Secret": "header-value"]]), in: Fixture.project,
                by: Fixture.actor
            ).id
            let elsewhere = CredentialConfig(["base_url": "https://elsewhere.example/v1"])
            let masked = CredentialConfig([
                "base_url": "https://elsewhere.example/v1", "headers": ["X-Secret": "•••"],
            ])
            for change in [
                CredentialChange(config: elsewhere), CredentialChange(config: masked),
                CredentialChange(key: .set("new-key-for-there"), config: masked),
                CredentialChange(key: .removed, config: masked),
            ] {
                let error = await #expect(throws: EdisonError.self) {
                    try await service.change(id, change, by: Fixture.actor)
                }
                #expect(error?.code == .invalid)
            }
            let here = try await service.endpoint(of: id, in: Fixture.project)
            #expect(here.apiKey == Secret(Fixture.key) && here.baseURL == "\(fixture.server.url)/v1")
            try await service.change(
                id, CredentialChange(key: .set("new-key-for-there"), config: elsewhere), by: Fixture.actor)
            let there = try await service.endpoint(of: id, in: Fixture.project)
            #expect(there.apiKey == Secret("new-key-for-there") && there.settings["headers"] == nil)
            // At the same address a masked header stays what it is.
            try await service.change(
                id,
                CredentialChange(
                    key: .set("third-key-for-there"),
                    config: CredentialConfig([
                        "base_url": "https://elsewhere.example/v1", "headers": ["X-Secret": "again"],
                    ])), by: Fixture.actor)
            try await service.change(id, CredentialChange(config: masked), by: Fixture.actor)
            #expect(
                try await service.endpoint(of: id, in: Fixture.project).settings["headers"] == ["X-Secret": "again"])
        }
    }

    @Test("a planted key is in no row, no file and no error", arguments: TestDatabase.allCases)
    func planted(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind, answer: Fixture.models(for: "somebody else's")) { fixture in
            let service = try fixture.credentials()
            let header = "planted-header-71c2"
            let id = try await service.create(
                fixture.wish(config: ["headers": ["X-Api-Token": .string(header)]]), in: Fixture.project,
                by: Fixture.actor
            ).id
            let outcome = try await service.validate(
                id, model: "small", parameters: ModelParameters(), by: Fixture.actor)
            let rotated = try await service.rotate(id, key: Fixture.key + "2", model: nil, by: Fixture.actor)
            #expect(outcome.error?.kind == "refused_key" && !rotated.isSwitched)
            #expect(!"\(outcome) \(rotated) \(try await service.credential(id))".contains("sk-planted"))
            #expect(fixture.server.requests.contains { $0.header("x-api-token") == header }, "the header was not sent")
            let stored = try await fixture.everythingStored()
            #expect(stored.contains("refused_key"))
            #expect(!stored.contains("sk-planted") && !stored.contains(header))
        }
    }
}

extension ProvidersFixture {
    /// The rows of all tables in which something of a credential may stand, and the bytes of a SQLite file.
    func everythingStored() async throws -> String {
        var text = try await database.read { db in
            try [
                "provider_credential", "audit_entry", "model_call", "model_attempt", "response_cache", "event",
            ].flatMap { try db.fetch(SQL(stringLiteral: "SELECT * FROM \($0)")) }.map { "\($0)" }.joined()
        }
        for suffix in place.hasPrefix("postgres") ? [] : ["", "-wal", "-shm"] {
            text += String(decoding: FileManager.default.contents(atPath: place + suffix) ?? Data(), as: UTF8.self)
        }
        return text
    }
}
