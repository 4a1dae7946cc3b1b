import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonTestKit
import Testing

@Suite("The result file")
struct ResultFileTests {
    /// The keys that the contract names; a list holds the shape of its elements.
    private static let contract: JSONValue = [
        "experiment": [
            "name": "", "goal": "", "rubric": [], "models": [], "judges": [], "refiner": [:], "stop": [:], "review": "",
            "holdout": 0.3,
        ],
        "seed": 7, "status": "", "stop_reason": "", "verdict": "",
        "versions": [
            [
                "id": "", "number": 1, "parent_id": nil, "status": "", "text": "", "system_text": nil, "diff": "",
                "note": "",
                "claims": [], "decision": nil, "created_at": "",
            ]
        ],
        "first_version_id": "", "best_version_id": "",
        "iterations": [["number": 1, "status": "", "version_id": "", "metrics": [:], "summary": [:], "cost_usd": 0.1]],
        "holdout": [
            "version_id": "", "baseline_version_id": "", "first": 0.1, "best": 0.1, "difference": 0.1, "interval": [],
            "level": 0.95, "cases": 1, "method": "", "corrected": nil,
        ],
        "outputs": [
            [
                "id": "", "version_id": "", "case_id": "", "model": "", "replicate": 0, "split": "", "text": "",
                "error": nil,
                "cached": false, "input_tokens": 0, "output_tokens": 0, "cost_usd": 0.1, "latency_ms": 0,
            ]
        ],
        "judgments": [
            [
                "output_id": "", "other_output_id": nil, "judge": "", "mode": "", "order": 1, "scores": [:],
                "rationales": [:],
                "winner": nil, "flags": [:], "valid": true, "cost_usd": 0.1,
            ]
        ],
        "judge_weights": [:], "agreement": [:], "cases": [["id": "", "split": "", "cluster": "", "tags": []]],
        "calls": ["execute": 0, "judge": 0, "refine": 0], "cost_usd": 0.1, "unknown_prices": [],
        "tokens": ["input": 0, "output": 0], "duration_ms": 0,
    ]

    private static let decision: JSONValue = ["by": "", "reason": "", "delta": 0.1, "interval": [], "cases": 1]

    /// The keys of the contract that the value lacks, or that hold another kind of value.
    private func missing(_ wanted: JSONValue, in value: JSONValue?, at path: String) -> [String] {
        guard let value else { return ["\(path) is missing"] }
        if wanted.isNull || value.isNull && path.contains(".") { return [] }
        guard wanted.kind == value.kind else { return ["\(path) is \(value.kind) instead of \(wanted.kind)"] }
        if let object = wanted.object {
            return object.flatMap {
                missing($0.value, in: value[$0.key], at: path.isEmpty ? $0.key : "\(path).\($0.key)")
            }
        }
        guard let shape = wanted[0] else { return [] }
        return (value.array ?? []).enumerated().flatMap { missing(shape, in: $1, at: "\(path)[\($0)].") }
    }

    /// A run with everything that a result can hold.
    private func run(_ use: (LoopFixture, RunResult) async throws -> Void) async throws {
        var model = ScriptedModel()
        model.score = { rules, call in
            if call.model == "judge-b", call["case_input"]?.contains("lamp") == true { return nil }
            let draw = Double(DerivedSeed(1, call["case_input"] ?? "").value % 1_000) / 1_000
            return min(1, 0.2 + Double(rules) * (0.08 + 0.08 * draw) + (call.model == "judge-b" ? 0.05 : 0))
        }
        try await LoopFixture.running(model) { fixture in
            var definition = fixture.definition(cases: 60, judges: ["judge-a", "judge-b"])
            definition.judges.append(Sample.judge("pairs", at: fixture.server.url, mode: .pairwise))
            definition.stop.maxIterations = 2
            try await use(fixture, try await fixture.refine(definition).result)
        }
    }

    @Test("it holds every key of the contract, figures that can be recomputed from it, and no address or secret")
    func contract() async throws {
        try await run { fixture, result in
            #expect(!result.text.contains("sk-secret"))
            #expect(!result.text.contains(fixture.server.url))
            let json = JSONValue.object(result.json)
            #expect(missing(Self.contract, in: json, at: "") == [])
            for version in (json["versions"]?.array ?? []).dropFirst() {
                #expect(missing(Self.decision, in: version["decision"], at: "decision") == [])
            }
            #expect(json["versions"]?[0]?["decision"] == .null)
            try composites(json)
            try holdout(json)
            try references(json)
        }
    }

    /// Σ over judges of weight × (composite − offset) / Σ weight, from raw scores, weights and offsets.
    private func composites(_ json: JSONValue) throws {
        let weights = try #require(json["judge_weights"]?.object)
        let offsets = try #require(json["judge_offsets"]?.object)
        #expect(weights.count == 2)
        #expect(abs(weights.reduce(0) { $0 + ($1.value.double ?? 0) } - 1) < 1e-9)
        let judgments = Dictionary(
            grouping: (json["judgments"]?.array ?? []).filter { $0["mode"] == "pointwise" && $0["valid"] == true },
            by: { $0["output_id"]?.string ?? "" })
        var compared = 0
        for row in json["scores"]?.array ?? [] {
            let own = judgments[row["output_id"]?.string ?? ""] ?? []
            var sum = 0.0
            var total = 0.0
            for judgment in own {
                let judge = judgment["judge"]?.string ?? ""
                let weight = weights[judge]?.double ?? 0
                sum += weight * ((judgment["scores"]?["Quality"]?.double ?? .nan) / 5 - (offsets[judge]?.double ?? 0))
                total += weight
            }
            guard let score = row["score"]?.double else {
                #expect(own.isEmpty)
                continue
            }
            #expect(abs(score - min(1, max(0, sum / total))) < 1e-9)
            compared += 1
        }
        #expect(compared >= 40)
    }

    private func holdout(_ json: JSONValue) throws {
        let holdout = try #require(json["holdout"])
        let scores = Dictionary(
            (json["scores"]?.array ?? []).map { ($0["output_id"]?.string ?? "", $0["score"]?.double) },
            uniquingKeysWith: { first, _ in first })
        func mean(_ version: JSONValue?) -> Double {
            let own = (json["outputs"]?.array ?? []).filter { $0["split"] == "holdout" && $0["version_id"] == version }
            let values = own.compactMap { scores[$0["id"]?.string ?? ""] ?? nil }
            return values.reduce(0, +) / Double(values.count)
        }
        #expect(abs((holdout["first"]?.double ?? .nan) - mean(json["first_version_id"])) < 1e-9)
        #expect(abs((holdout["best"]?.double ?? .nan) - mean(holdout["version_id"])) < 1e-9)
        let difference = (holdout["best"]?.double ?? .nan) - (holdout["first"]?.double ?? .nan)
        #expect(abs((holdout["difference"]?.double ?? .nan) - difference) < 1e-9)
        #expect(holdout["level"]?.double == 0.95)
        #expect(holdout["method"]?.string?.hasPrefix("clustered") == true, "15 clusters are too few for a bootstrap")
        #expect(holdout["cases"] == 15)
    }

    private func references(_ json: JSONValue) throws {
        func ids(_ key: String) -> Set<String> { Set((json[key]?.array ?? []).compactMap { $0["id"]?.string }) }
        let (versions, outputs, cases) = (ids("versions"), ids("outputs"), ids("cases"))
        for output in json["outputs"]?.array ?? [] {
            #expect(versions.contains(output["version_id"]?.string ?? ""))
            #expect(cases.contains(output["case_id"]?.string ?? ""))
        }
        let judgments = json["judgments"]?.array ?? []
        #expect(judgments.allSatisfy { outputs.contains($0["output_id"]?.string ?? "") })
        let pairwise = judgments.filter { $0["mode"] == "pairwise" }
        #expect(!pairwise.isEmpty)
        #expect(pairwise.allSatisfy { outputs.contains($0["other_output_id"]?.string ?? "") })
        #expect(pairwise.allSatisfy { ["1", "2", "tie"].contains($0["winner"]?.string ?? "") })
        #expect(Set(pairwise.compactMap { $0["order"]?.int }) == [1, 2])
        let invalid = judgments.filter { $0["valid"] == false }
        #expect(!invalid.isEmpty)
        #expect(invalid.allSatisfy { $0["scores"] == [:] && $0["invalid_reason"]?.string != nil })
        let numbers = (json["versions"]?.array ?? []).compactMap { $0["number"]?.int }
        #expect(numbers == Array(1...numbers.count))
    }

    @Test("an unknown price makes the cost unknown, and names the model")
    func unknownPrice() async throws {
        try await LoopFixture.running { fixture in
            var definition = fixture.definition(cases: 10)
            definition.stop.maxIterations = 1
            definition.refiner = Sample.model("dear", at: fixture.server.url, price: nil)
            let result = try await fixture.refine(definition).result
            #expect(result.json["cost_usd"] == .null)
            #expect(result.json["unknown_prices"] == ["openai-compatible/dear"])
            #expect((result.json["tokens"]?["input"]?.int ?? 0) > 0)
        }
    }

    @Test("checks are part of the composite, and shown with each output")
    func checks() async throws {
        try await LoopFixture.running { fixture in
            var definition = fixture.definition(cases: 10)
            definition.rubric = Rubric([
                Criterion(name: "Quality", weight: 0.6),
                Criterion(name: "Lamp", weight: 0.4, check: try Check(json: ["contains": "lamp"])),
            ])
            definition.stop.maxIterations = 1
            definition.holdout = 0
            definition.loop.evidenceCases = 24
            let json = JSONValue.object(try await fixture.refine(definition).result.json)
            let texts = Dictionary(
                (json["outputs"]?.array ?? []).map { ($0["id"]?.string ?? "", $0["text"]?.string ?? "") },
                uniquingKeysWith: { first, _ in first })
            var seen: Set<Bool> = []
            for row in json["scores"]?.array ?? [] {
                let text = texts[row["output_id"]?.string ?? ""] ?? ""
                let rules = Double(ScriptedModel.rules(in: text))
                let passed = text.contains("lamp")
                seen.insert(passed)
                #expect(row["checks"] == ["Lamp": .bool(passed)])
                #expect(abs((row["score"]?.double ?? .nan) - (0.6 * (0.3 + 0.1 * rules) + (passed ? 0.4 : 0))) < 1e-9)
            }
            #expect(seen == [true, false])
        }
    }

    @Test("an evaluation has no hold-out, and scores all cases")
    func evaluation() async throws {
        try await LoopFixture.running { fixture in
            var definition = fixture.definition(cases: 30)
            definition.refiner = nil
            let finished = try await fixture.service.evaluate(definition, start: .continueOrNew) { _ in }
            let json = finished.result.json
            #expect(json["outputs"]?.array?.count == 30)
            #expect(json["composite"]?["cases"] == 30)
            #expect(json["holdout"] == .null)
            #expect(abs((finished.result.bar ?? 0) - 0.3) < 1e-9)
            #expect(json["calls"] == ["execute": 30, "judge": 30, "refine": 0])
        }
    }
}
