import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonTestKit
import Testing

@Suite("What all judges look at beside the evidence")
struct AuditTests {
    /// Outputs of candidates that lost, each with the judges that saw it.
    private func judges(_ json: JSONValue) -> [String: Set<String>] {
        let rejected = Set(
            (json["versions"]?.array ?? []).filter { $0["status"] == "rejected" }.compactMap { $0["id"]?.string })
        let outputs = (json["outputs"]?.array ?? []).filter { rejected.contains($0["version_id"]?.string ?? "") }
        var judges = Dictionary(
            outputs.compactMap { $0["id"]?.string }.map { ($0, Set<String>()) }, uniquingKeysWith: { first, _ in first }
        )
        for judgment in json["judgments"]?.array ?? [] {
            guard let output = judgment["output_id"]?.string, judges[output] != nil else { continue }
            judges[output]?.insert(judgment["judge"]?.string ?? "")
        }
        return judges
    }

    private func finished(share: Double) async throws -> JSONValue {
        var result: JSONValue = .null
        var model = ScriptedModel()
        // Every edit makes it worse, so that all candidates fall and only races look at them.
        model.score = { rules, _ in max(0, 0.5 - 0.1 * Double(rules)) }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 40, judges: ["cheap", "second", "third"])
            definition.loop.auditShare = share
            definition.loop.race.firstLook = 4
            definition.stop.maxIterations = 2
            result = .object(try await fixture.refine(definition).result.json)
        }
        return result
    }

    @Test("the audited outputs are judged by all, the others of a decided race by the search judge alone")
    func share() async throws {
        let json = try await finished(share: 0.5)
        let judges = judges(json)
        let audited = Set((json["agreement"]?["audited_output_ids"]?.array ?? []).compactMap(\.string))
        #expect(judges.count >= 8)
        for (output, names) in judges {
            #expect(names == (audited.contains(output) ? ["cheap", "second", "third"] : ["cheap"]))
        }
        #expect(!audited.isDisjoint(with: judges.keys))
        #expect(!Set(judges.keys).isSubset(of: audited))
        let evidence = json["iterations"]?.array?.last?["case_ids"]?.array?.count ?? 0
        let outputs = try #require(json["agreement"]?["outputs"]?.int)
        #expect(outputs > Int64(evidence), "the agreement rests on evidence and audit")
    }

    @Test("without a share nothing is audited")
    func none() async throws {
        let json = try await finished(share: 0)
        #expect(judges(json).values.allSatisfy { $0 == ["cheap"] })
        #expect(json["agreement"]?["audited_output_ids"] == [])
    }

    /// The judges agree on what the incumbents write, so the evidence is no reason for an alarm; on the candidates'
    /// outputs they do not.
    @Test("judges that disagree on candidates alone are found out, and then all judge every race")
    func alarm() async throws {
        var escalated: [Double: Int] = [:]
        for share in [0.0, 1.0] {
            var model = ScriptedModel()
            model.score = { rules, call in
                let noise = Double(DerivedSeed(5, call.model, call["output"] ?? "").value % 1_000) / 1_000
                let truth = 0.3 + 0.2 * Double(DerivedSeed(5, call["case_input"] ?? "").value % 1_000) / 1_000
                return rules == 0 ? truth : call.model == "cheap" ? truth - 0.2 : noise
            }
            try await LoopFixture.running(model) { fixture in
                var definition = fixture.definition(cases: 40, judges: ["cheap", "second"])
                definition.loop.auditShare = share
                // Enough outputs in the first iteration for an alarm.
                definition.loop.race.firstLook = 4
                definition.stop.maxIterations = 2
                let json = JSONValue.object(try await fixture.refine(definition).result.json)
                let second = (json["versions"]?.array ?? []).filter { $0["iteration"] == 2 }
                escalated[share] = second.count { $0["decision"]?["judges"]?.array?.count == 2 }
            }
        }
        #expect(escalated[0] == 0)
        #expect(escalated[1] ?? 0 > 0)
    }
}
