import EdisonCore
import EdisonLLM
import EdisonProviders
import EdisonTestKit
import Testing

@Suite("Trying and replacing keys")
struct RotationTests {
    typealias Fixture = ProvidersFixture

    @Test("a key is tried by a real request, and what came of it is kept", arguments: TestDatabase.allCases)
    func validation(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind, answer: Fixture.models(for: Fixture.key)) { fixture in
            let service = try fixture.credentials()
            let good = try await service.create(fixture.wish("good"), in: Fixture.project, by: Fixture.actor).id
            let bad = try await service.create(
                fixture.wish("bad", key: "sk-wrong-key-0001"), in: Fixture.project, by: Fixture.actor
            ).id
            let listed = try await service.validate(good, model: nil, parameters: ModelParameters(), by: Fixture.actor)
            #expect(listed.ok && listed.proof == .listing && listed.models == ["small", "large"])
            let called = try await service.validate(
                good, model: "small", parameters: ModelParameters(temperature: 0, maxTokens: 9_000), by: Fixture.actor)
            #expect(called.ok && called.proof == .call)
            let request = try #require(fixture.server.requests.last { $0.target.hasSuffix("/chat/completions") })
            let body = try JSONValue(parsing: request.body)
            #expect(body["max_tokens"] == 16 && body["temperature"]?.double == 0, "the smallest call that proves it")
            let refused = try await service.validate(
                bad, model: "small", parameters: ModelParameters(), by: Fixture.actor)
            #expect(!refused.ok && refused.error?.kind == "refused_key" && refused.error?.status == 401)
            #expect(refused.error?.message == "Incorrect API key provided: •••")
            let kept = try #require(try await service.credential(bad).validation)
            #expect(kept.error == refused.error && kept.checkedAt.microseconds == refused.checkedAt.microseconds)
            #expect(try await service.credential(good).validation?.ok == true)
        }
    }

    @Test(
        "a provider that fails is asked once, and one that is not there answers at once",
        arguments: [TestDatabase.sqlite])
    func failing(_ kind: TestDatabase) async throws {
        let broken = WireServer.Reply(status: 503, headers: [("content-type", "application/json")], "{}")
        try await Fixture.running(
            kind, answer: { $0.target.hasSuffix("/models") ? Fixture.list : broken }
        ) { fixture in
            let service = try fixture.credentials()
            let id = try await service.create(fixture.wish(), in: Fixture.project, by: Fixture.actor).id
            let outcome = try await service.validate(
                id, model: "small", parameters: ModelParameters(), by: Fixture.actor)
            #expect(outcome.error?.status == 503 && outcome.proof == .call)
            #expect(fixture.server.requests.count == 2)
            let nobody = try await service.create(
                fixture.wish("nobody", config: ["base_url": "http://127.0.0.1:1/v1"]), in: Fixture.project,
                by: Fixture.actor
            ).id
            let refused = try await service.validate(
                nobody, model: "small", parameters: ModelParameters(), by: Fixture.actor)
            #expect(refused.error?.kind == "connection" && refused.proof == .listing)
        }
    }

    @Test("a server without a list of models is proven by a call", arguments: [TestDatabase.sqlite])
    func unlisted(_ kind: TestDatabase) async throws {
        let absent = WireServer.Reply(status: 404, headers: [("content-type", "application/json")], "{}")
        try await Fixture.running(
            kind, answer: { $0.target.hasSuffix("/models") ? absent : Fixture.answer }
        ) { fixture in
            let service = try fixture.credentials()
            let id = try await service.create(fixture.wish(), in: Fixture.project, by: Fixture.actor).id
            let called = try await service.validate(id, model: "any", parameters: ModelParameters(), by: Fixture.actor)
            #expect(called.ok && called.proof == .call && called.models == nil)
            #expect(try await !service.validate(id, model: nil, parameters: ModelParameters(), by: Fixture.actor).ok)
        }
    }

    @Test("a new key takes over when it works, and not before", arguments: TestDatabase.allCases)
    func rotation(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind, answer: Fixture.models(for: Fixture.key, "new-key-000000002")) { fixture in
            let service = try fixture.credentials()
            let id = try await service.create(fixture.wish(), in: Fixture.project, by: Fixture.actor).id
            let nothing = await #expect(throws: EdisonError.self) {
                try await service.rotate(id, key: nil, model: nil, by: Fixture.actor)
            }
            #expect(nothing?.code == .conflict)

            let wrong = try await service.rotate(id, key: "wrong-key-00000001", model: nil, by: Fixture.actor)
            #expect(!wrong.isSwitched && wrong.validation.error?.kind == "refused_key")
            #expect(wrong.credential.staged?.keyHint == "…0001" && wrong.credential.keyHint == "…LAST")
            #expect(try await service.endpoint(of: id, in: Fixture.project).apiKey == Secret(Fixture.key))
            try await service.dropStaged(id, by: Fixture.actor)
            #expect(try await service.credential(id).staged == nil)

            let right = try await service.rotate(id, key: "new-key-000000002", model: "small", by: Fixture.actor)
            #expect(right.isSwitched && right.validation.proof == .call)
            #expect(right.credential.keyHint == "…0002" && right.credential.staged == nil)
            #expect(try await service.endpoint(of: id, in: Fixture.project).apiKey == Secret("new-key-000000002"))
        }
    }

    @Test("a key is due after its days, and fresh once it was replaced", arguments: TestDatabase.allCases)
    func due(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let start = Timestamp(microseconds: 1_800_000_000_000_000)
            let later = start.advanced(by: .seconds(31 * 86_400))
            let id = try await fixture.credentials(now: { start }).create(
                fixture.wish(rotationDays: 30), in: Fixture.project, by: Fixture.actor
            ).id
            let service = try fixture.credentials(now: { later })
            let before = try await service.credential(id).rotation
            func due(_ service: CredentialService) async throws -> [ProviderCredential.ID] {
                try await service.list(of: Fixture.project, provider: nil, isDue: true, PageRequest()).items.map(\.id)
            }
            try await service.create(fixture.wish("never"), in: Fixture.project, by: Fixture.actor)
            #expect(try await due(service) == [id])
            #expect(try await due(fixture.credentials(now: { start })).isEmpty)
            #expect(!before.isDue(at: start) && before.isDue(at: later))
            #expect(try await service.rotate(id, key: "new-key-000000002", model: nil, by: Fixture.actor).isSwitched)
            #expect(try await !service.credential(id).rotation.isDue(at: later))
            #expect(try await due(service).isEmpty)
        }
    }

    @Test("what is stored nowhere can be tried", arguments: [TestDatabase.sqlite])
    func trial(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind, answer: Fixture.models(for: Fixture.key)) { fixture in
            let service = try fixture.credentials()
            #expect(try await service.tryOut(fixture.wish(), model: "small", parameters: ModelParameters()).ok)
            let wrong = try await service.tryOut(
                fixture.wish(key: "sk-wrong-0001"), model: nil, parameters: ModelParameters())
            #expect(wrong.error?.kind == "refused_key")
            #expect(try await service.list(of: Fixture.project, provider: nil, PageRequest()).items.isEmpty)
            #expect(try await !fixture.everythingStored().contains("sk-planted"))
        }
    }
}
