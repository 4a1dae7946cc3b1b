import EdisonCore
import EdisonLLM
import EdisonProviders
import EdisonSQL
import EdisonTestKit
import Foundation
import Testing

@Suite("Sealed keys of credentials")
struct SealingTests {
    typealias Fixture = ProvidersFixture

    /// What somebody may do who can write to the database.
    enum Tampering: String, CaseIterable, Sendable {
        case flippedBit, cut, nonsense, empty, fromAnotherRow, fromAnotherProject, stagedAsActive, unknownKey

        func done(to sealed: String, other: String) -> String {
            switch self {
            case .flippedBit:
                guard let data = Data(base64Encoded: String(sealed.split(separator: ".")[1])) else { return "" }
                var bytes = Array(data)
                bytes[bytes.count / 2] ^= 1
                return "\(sealed.prefix { $0 != "." }).\(Data(bytes).base64EncodedString())"
            case .cut: return String(sealed.prefix(sealed.count / 2))
            case .nonsense: return "nonsense"
            case .empty: return ""
            case .fromAnotherRow, .fromAnotherProject, .stagedAsActive: return other
            case .unknownKey: return "00000000\(sealed.dropFirst(8))"
            }
        }
    }

    @Test(
        "a secret that was tampered with is not opened, says so, and takes nothing else with it",
        arguments: TestDatabase.allCases, Tampering.allCases)
    func tampering(_ kind: TestDatabase, _ tampering: Tampering) async throws {
        try await Fixture.running(kind, answer: Fixture.models(for: Fixture.key)) { fixture in
            let service = try fixture.credentials()
            let mine = try await service.create(fixture.wish("mine"), in: Fixture.project, by: Fixture.actor)
            let neighbour = try await service.create(fixture.wish("neighbour"), in: Fixture.project, by: Fixture.actor)
            let foreign = try await service.create(fixture.wish("foreign"), in: Fixture.other, by: Fixture.actor)
            var other = neighbour.sealedSecret ?? ""
            if tampering == .fromAnotherProject { other = foreign.sealedSecret ?? "" }
            if tampering == .stagedAsActive {
                let rotated = try await service.rotate(mine.id, key: "not-accepted-key", model: nil, by: Fixture.actor)
                other = try #require(rotated.credential.staged).sealedSecret
            }
            let changed = tampering.done(to: try #require(mine.sealedSecret), other: other)
            try await fixture.set("sealed_secret", to: changed, of: mine.id)
            let error = await #expect(throws: EdisonError.self) {
                try await service.endpoint(of: mine.id, in: Fixture.project)
            }
            #expect(error?.code == .unavailable && error?.detail != nil)
            #expect(try await service.reseal().renewed == 0)
            #expect(try await service.credential(mine.id).sealedSecret == changed, "nothing is thrown away")
            let models = try await ModelService(credentials: service).models(
                of: Fixture.project, provider: nil, isFresh: true)
            #expect(models.models.map(\.name) == ["large", "small"])
            #expect(models.unasked.map(\.credential) == [mine.id])
            // As the error says: entered anew, it works again.
            try await service.change(mine.id, CredentialChange(key: .set(Fixture.key)), by: Fixture.actor)
            #expect(try await service.endpoint(of: mine.id, in: Fixture.project).apiKey == Secret(Fixture.key))
        }
    }

    @Test("a row that is moved to another project does not open there", arguments: TestDatabase.allCases)
    func movedRow(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let service = try fixture.credentials()
            let id = try await service.create(fixture.wish(), in: Fixture.project, by: Fixture.actor).id
            try await fixture.set("project_id", to: Fixture.other.text, of: id)
            let error = await #expect(throws: EdisonError.self) {
                try await service.endpoint(of: id, in: Fixture.other)
            }
            #expect(error?.code == .unavailable)
        }
    }

    @Test("after sealing anew the old sealing key is not needed any more", arguments: TestDatabase.allCases)
    func resealing(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind, answer: Fixture.models(for: "none")) { fixture in
            let old = try fixture.credentials(keys: [1])
            let first = try await old.create(fixture.wish("first"), in: Fixture.project, by: Fixture.actor).id
            let second = try await old.create(fixture.wish("second"), in: Fixture.other, by: Fixture.actor).id
            try await old.create(fixture.wish("keyless", key: nil), in: Fixture.project, by: Fixture.actor)
            _ = try await old.rotate(first, key: "staged-key-0002", model: nil, by: Fixture.actor)
            let strange = try fixture.credentials(keys: [9])
            let lost = try await strange.create(fixture.wish("lost"), in: Fixture.project, by: Fixture.actor).id

            let both = try fixture.credentials(keys: [2, 1])
            #expect(try await both.reseal() == Resealing(renewed: 2, unreadable: [lost]))
            #expect(try await both.reseal() == Resealing(renewed: 0, unreadable: [lost]))

            let new = try fixture.credentials(keys: [2])
            #expect(try await new.endpoint(of: first, in: Fixture.project).apiKey == Secret(Fixture.key))
            #expect(try await new.endpoint(of: second, in: Fixture.other).apiKey == Secret(Fixture.key))
            let staged = try await new.rotate(first, key: nil, model: nil, by: Fixture.actor)
            #expect(staged.validation.error?.kind == "refused_key", "the staged key opens too")
            for id in [first, second] {
                let error = await #expect(throws: EdisonError.self) {
                    try await old.endpoint(of: id, in: id == first ? Fixture.project : Fixture.other)
                }
                #expect(error?.code == .unavailable)
            }
            #expect(try await strange.endpoint(of: lost, in: Fixture.project).apiKey == Secret(Fixture.key))
        }
    }

    @Test("sealing anew gets through many credentials", arguments: TestDatabase.allCases)
    func many(_ kind: TestDatabase) async throws {
        try await Fixture.running(kind) { fixture in
            let old = try fixture.credentials(keys: [1])
            for number in 0..<205 {
                try await old.create(fixture.wish("c\(number)"), in: Fixture.project, by: Fixture.actor)
            }
            #expect(try await fixture.credentials(keys: [2, 1]).reseal().renewed == 205)
        }
    }
}

extension ProvidersFixture {
    func set(_ column: StaticString, to value: String, of id: ProviderCredential.ID) async throws {
        let column = SQLFragment(column)
        try await database.write { db in
            try db.execute("UPDATE provider_credential SET \(column) = \(value) WHERE id = \(id)")
        }
    }
}
