import EdisonCore
import EdisonLLM
import EdisonTestKit
import Testing

@testable import EdisonProviders

private typealias Fixture = ProvidersFixture

/// Credentials of clouds: their address follows from a place, and their key may be a whole document.
@Suite struct CloudCredentialTests {
    private static let account = #"{"client_email": "robot@p", "private_key": "-----BEGIN x", "project_id": "p-1"}"#
    private static let pair = #"{"access_key_id": "AKIDEXAMPLE", "secret_access_key": "planted-secret"}"#

    private func issues(_ provider: String, _ key: String?, _ config: JSONObject) -> [String] {
        CredentialRules.issues(CredentialConfig(config), provider: provider, key: key.map { Secret($0) }).map(\.path)
    }

    @Test("what a cloud needs is told by the field's name, and what is enough is taken")
    func needs() {
        #expect(issues("google-vertex", Self.account, ["location": "global"]) == [])
        #expect(issues("google-vertex", "ya29.token", ["location": "global"]) == ["config.project"])
        #expect(issues("google-vertex", "AIza", ["auth": "x-goog-api-key"]) == [])
        #expect(issues("google-vertex", Self.pair, ["location": "global", "project": "p"]) == ["api_key"])
        #expect(issues("google-vertex", Self.account, [:]) == ["config.location"])
        #expect(issues("aws-bedrock", Self.pair, ["region": "eu-central-1"]) == [])
        #expect(issues("aws-bedrock", "bedrock-key", ["region": "eu-central-1"]) == [])
        #expect(issues("aws-bedrock", "bedrock-key", [:]) == ["config.region"])
        #expect(issues("aws-bedrock", Self.account, ["region": "eu-central-1"]) == ["api_key"])
        #expect(issues("aws-bedrock", nil, ["region": "eu-central-1"]) == ["api_key"])
        #expect(issues("azure-openai", "k", [:]) == ["config.base_url"])
        #expect(issues("groq", "gsk", [:]) == [] && issues("gemini", "AIza", [:]) == [])
        for provider in ["openai", "groq", "gemini"] { #expect(issues(provider, Self.pair, [:]) == ["api_key"]) }
    }

    @Test(
        "a place cannot be made into another host", arguments: ["x.example.org/", "a@b", "EU", "a b", "x#", "../x", ""])
    func hosts(place: String) {
        #expect(issues("aws-bedrock", "k", ["region": .string(place)]) == ["config.region"])
        #expect(
            issues("google-vertex", "k", ["location": .string(place), "project": "p"]) == ["config.location"])
    }

    @Test("addresses follow from the place")
    func addresses() {
        func address(_ provider: String, _ config: JSONObject) -> String? {
            CredentialRules.address(CredentialConfig(config), of: provider)
        }
        #expect(
            address("aws-bedrock", ["region": "eu-central-1"]) == "https://bedrock-runtime.eu-central-1.amazonaws.com")
        #expect(
            address("google-vertex", ["location": "europe-west4"]) == "https://europe-west4-aiplatform.googleapis.com")
        #expect(address("google-vertex", ["location": "global"]) == "https://aiplatform.googleapis.com")
        #expect(address("groq", [:]) == "https://api.groq.com/openai/v1")
    }

    @Test(
        "nothing of a document that is a key is shown, and it goes to no other region", arguments: TestDatabase.allCases
    )
    func secrets(kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let service = try fixture.credentials()
            let made = try await service.create(
                NewCredential(
                    provider: "aws-bedrock", label: "main", apiKey: Self.pair,
                    config: CredentialConfig(["region": "eu-central-1"])), in: Fixture.project, by: Fixture.actor)
            #expect(made.keyHint == nil)
            #expect(made.sealedSecret?.contains("planted-secret") == false)
            let endpoint = try await service.endpoint(of: made.id, in: Fixture.project)
            #expect(endpoint.apiKey == Secret(Self.pair) && endpoint.settings["region"] == "eu-central-1")
            #expect(!"\(endpoint)".contains("planted-secret"))
            let moved = await #expect(throws: EdisonError.self) {
                try await service.change(
                    made.id, CredentialChange(config: CredentialConfig(["region": "us-east-1"])), by: Fixture.actor)
            }
            #expect(moved?.issues.map(\.path) == ["api_key"])
            let broken = await #expect(throws: EdisonError.self) {
                try await service.rotate(
                    made.id, key: #"{"secret_access_key": "planted-secret"}"#, model: nil, by: Fixture.actor)
            }
            #expect(broken?.issues.map(\.path) == ["api_key"])
            #expect(!"\(String(describing: broken))".contains("planted-secret"))
        }
    }
}
