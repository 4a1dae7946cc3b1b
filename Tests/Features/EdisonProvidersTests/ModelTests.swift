import EdisonCore
import EdisonLLM
import EdisonProviders
import EdisonTestKit
import Testing

@Suite("Models, prices and configurations")
struct ModelTests {
    typealias Fixture = ProvidersFixture

    private func rates(_ input: Int64, _ output: Int64) -> TokenRates {
        TokenRates(input: .init(nanodollars: input * 1_000_000_000), output: .init(nanodollars: output * 1_000_000_000))
    }

    @Test("lists of all credentials are joined, and one that fails is told", arguments: TestDatabase.allCases)
    func listing(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind, answer: Fixture.models(for: Fixture.key)) { fixture in
            let service = try fixture.credentials()
            let first = try await service.create(fixture.wish("first"), in: Fixture.project, by: Fixture.actor).id
            let second = try await service.create(fixture.wish("second"), in: Fixture.project, by: Fixture.actor).id
            let failing = try await service.create(
                NewCredential(
                    provider: "openai", label: "failing", apiKey: "sk-wrong-0000001",
                    config: CredentialConfig(["base_url": .string("\(fixture.server.url)/v1")]), isActive: true,
                    rotationDays: nil), in: Fixture.project, by: Fixture.actor
            ).id
            let off = try await service.create(fixture.wish("off"), in: Fixture.project, by: Fixture.actor).id
            try await service.change(off, CredentialChange(isActive: false), by: Fixture.actor)
            try await service.create(fixture.wish("foreign"), in: Fixture.other, by: Fixture.actor)
            let models = ModelService(credentials: service)
            let found = try await models.models(of: Fixture.project, provider: nil, isFresh: false)
            let small = try #require(found.models.first { $0.name == "small" })
            #expect(small.credentials == [first, second] && small.contextTokens == 4_096 && small.price == nil)
            #expect(small.isListed && small.known == nil)
            let known = try #require(found.models.first { $0.name == "gpt-4o" })
            #expect(!known.isListed && known.credentials == [failing] && known.contextTokens == 128_000)
            #expect(known.price?.rates == rates(0, 10).with(input: 2_500_000_000) && known.price?.isOwn == false)
            #expect(found.unasked.map(\.credential) == [failing])
            #expect(found.unasked.first?.reason.contains("sk-wrong") == false)
            let asked = fixture.server.requests.count
            _ = try await models.models(of: Fixture.project, provider: "OPENAI_COMPATIBLE".lowercased(), isFresh: false)
            _ = try await models.models(of: Fixture.project, provider: nil, isFresh: false)
            #expect(fixture.server.requests.count == asked, "what was listed a moment ago is not asked for again")
            _ = try await models.models(of: Fixture.project, provider: "openai-compatible", isFresh: true)
            #expect(fixture.server.requests.count == asked + 2)
        }
    }

    @Test("an organization's price holds from its date on, and for nobody else", arguments: TestDatabase.allCases)
    func prices(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let day = Timestamp(microseconds: 1_800_000_000_000_000)
            let prices = PriceService(database: fixture.database)
            func enter(_ rates: TokenRates, _ since: Timestamp) async throws {
                try await prices.enter(
                    rates, of: "gpt-4o", provider: "openai", since: since, source: "contract",
                    for: Fixture.organization, by: Fixture.actor)
            }
            try await enter(rates(1, 2), day)
            try await enter(rates(3, 4), day.advanced(by: .seconds(86_400)))
            let twice = await #expect(throws: EdisonError.self) { try await enter(rates(5, 6), day) }
            #expect(twice?.code == .conflict)

            func price(_ project: ProjectID, _ seconds: Int, _ model: String = "gpt-4o") async throws -> Price? {
                let moment = day.advanced(by: .seconds(seconds))
                let service = try fixture.credentials(now: { moment })
                let id = try await service.create(
                    NewCredential(
                        provider: "openai", label: "\(seconds) \(model)", apiKey: "sk-0000000000001",
                        config: CredentialConfig(), isActive: true, rotationDays: nil), in: project, by: Fixture.actor
                ).id
                let reference = try await service.reference(of: id, model: model, in: project)
                return fixture.calls.price(of: reference)
            }
            let listed = PriceTable.builtIn.entries.first { $0.model == "gpt-4o" }?.price
            #expect(listed != nil)
            #expect(try await price(Fixture.project, -1) == listed)
            #expect(try await price(Fixture.project, 0)?.input == rates(1, 2).input)
            #expect(try await price(Fixture.project, 86_401)?.output == rates(3, 4).output)
            #expect(try await price(Fixture.other, 86_401) == listed)
            #expect(try await price(Fixture.project, 5, "unheard-of") == nil, "unknown stays unknown")

            let all = try await prices.list(of: Fixture.organization, PageRequest())
            #expect(all.items.count == 2)
            #expect(try await prices.list(of: Fixture.otherOrganization, PageRequest()).items.isEmpty)
            for item in all.items { try await prices.delete(item.id, by: Fixture.actor) }
            #expect(try await price(Fixture.project, 90_000) == listed)
        }
    }

    @Test("of each provider one configuration is the default", arguments: TestDatabase.allCases)
    func configurations(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let service = ConfigurationService(database: fixture.database)
            func make(_ name: String, _ provider: String = "anthropic", _ project: ProjectID = Fixture.project)
                async throws -> ModelConfiguration
            {
                try await service.create(
                    ConfigurationChange(
                        name: name, provider: provider, model: "m", parameters: ["temperature": 0.7, "seed": 1],
                        isDefault: true), in: project, by: Fixture.actor)
            }
            let first = try await make("first")
            let second = try await make("second")
            let other = try await make("other", "ollama")
            let foreign = try await make("first", "anthropic", Fixture.other)
            #expect(second.droppedParameters == ["seed"], "Anthropic takes no seed")
            func defaults() async throws -> Set<ModelConfiguration.ID> {
                Set(
                    try await service.list(of: Fixture.project, provider: nil, isDefault: true, PageRequest()).items
                        .map(\.id))
            }
            #expect(try await defaults() == [second.id, other.id])
            try await service.change(first.id, ConfigurationChange(isDefault: true), by: Fixture.actor)
            #expect(try await defaults() == [first.id, other.id])
            try await service.change(first.id, ConfigurationChange(provider: "ollama"), by: Fixture.actor)
            #expect(try await defaults() == [first.id])
            let taken = await #expect(throws: EdisonError.self) {
                try await service.change(first.id, ConfigurationChange(name: "second"), by: Fixture.actor)
            }
            #expect(taken?.code == .conflict)
            try await service.delete(first.id, by: Fixture.actor)
            #expect(try await defaults().isEmpty)
            let left = try await service.list(of: Fixture.other, provider: nil, isDefault: nil, PageRequest()).items
            #expect(left.map(\.id) == [foreign.id])
        }
    }

    @Test("how a credential does is counted from its calls", arguments: TestDatabase.allCases)
    func usage(_ kind: TestDatabase) async throws {
        let limited = WireServer.Reply(
            status: 429, headers: [("content-type", "application/json"), ("retry-after", "0")],
            #"{"error":{"message":"slow down"}}"#)
        try await Fixture.running(
            kind,
            answer: { request in
                if request.target.hasSuffix("/models") { return Fixture.list }
                return String(decoding: request.body, as: UTF8.self).contains("limited") ? limited : Fixture.answer
            }
        ) { fixture in
            let service = try fixture.credentials()
            let id = try await service.create(fixture.wish(), in: Fixture.project, by: Fixture.actor).id
            #expect(try await service.usage(of: id).requests == 0)
            #expect(try await service.usage(of: id).errorRate == nil)
            for model in ["small", "small", "limited", "small"] {
                _ = try await service.validate(id, model: model, parameters: ModelParameters(), by: Fixture.actor)
            }
            let usage = try await service.usage(of: id)
            #expect(usage.calls == 4 && usage.failedCalls == 1 && usage.requests == 4 && usage.failedRequests == 1)
            #expect(usage.errorRate == 0.25 && usage.limitedAt != nil && usage.inputTokens == 15)
            #expect(usage.failures.map(\.kind) == ["rate_limited"] && usage.failures.first?.message == "slow down")
            #expect(usage.cost == nil, "the price is unknown")
            #expect(try #require(usage.medianLatencyMilliseconds) >= 0)
        }
    }
}

extension TokenRates {
    fileprivate func with(input: Int64) -> TokenRates {
        var copy = self
        copy.input = .init(nanodollars: input)
        return copy
    }
}
