import EdisonCore
import EdisonPrompts
import Testing

@testable import EdisonExperiments

@Suite("Pairwise comparisons of versions")
struct PairwiseTests {
    /// Each letter is a pair: W wins in both orders, L loses in both, F always prefers the first slot, T always ties,
    /// w wins once and ties once.
    private func tally(_ pairs: String) -> PairwiseTally {
        var tally = PairwiseTally()
        for pair in pairs {
            switch pair {
            case "W": tally.count(points: (1, 1), firstSlot: 1, decided: 2)
            case "L": tally.count(points: (0, 0), firstSlot: 1, decided: 2)
            case "F": tally.count(points: (1, 0), firstSlot: 2, decided: 2)
            case "w": tally.count(points: (1, 0.5), firstSlot: 1, decided: 1)
            default: tally.count(points: (0.5, 0.5), firstSlot: 0, decided: 0)
            }
        }
        return tally
    }

    private func record(_ a: PromptVersion.ID, _ b: PromptVersion.ID, _ pairs: [String: String]) -> PairwiseRecord {
        PairwiseRecord(version: a, other: b, split: "search", perJudge: pairs.mapValues(tally))
    }

    @Test("a pair counts only when both orders agree; else it is a tie, half a win each")
    func points() {
        let tally = tally("WWLFTw")
        #expect(tally.pairs == 6)
        #expect(tally.wins == 2 + 0 + 0.5 * 3)
        #expect(tally.winRate == 3.5 / 6)
    }

    @Test("position consistency and the rate of the first slot are told per judge")
    func position() {
        let tally = tally("WWLFF")
        #expect(tally.consistency == 0.6)
        #expect(tally.firstSlotRate == 0.7)
        #expect(self.tally("TTTT").consistency == 1)
        #expect(self.tally("TTTT").firstSlotRate == nil)
        #expect(self.tally("").winRate == nil)
        #expect(self.tally("").consistency == nil)
    }

    @Test("a judge with a consistency under 0.6 is excluded")
    func unreliable() {
        #expect(tally("FFFFFWWWWW").isUnreliable)
        #expect(!tally("FFFFWWWWWW").isUnreliable)
        let a: PromptVersion.ID = ID("a")
        let b: PromptVersion.ID = ID("b")
        let record = record(a, b, ["fair": "WWWWWWWW", "fickle": "FFFFFFFF"])
        #expect([record].unreliableJudges == ["fickle"])
        #expect(record.total(without: ["fickle"]).wins == 8)
        #expect(record.total(without: []).pairs == 16)
        let json = PairwiseJSON(records: [record]).json
        #expect(json["judges"]?["fickle"]?["excluded"] == true)
        #expect(json["judges"]?["fair"]?["excluded"] == false)
        #expect(json["comparisons"]?[0]?["win_rate"]?.double == 1)
    }

    @Test("a judge that always ties decides nothing")
    func ties() throws {
        let json = PairwiseJSON(records: [record(ID("a"), ID("b"), ["shy": "TTTTTTTTTT"])]).json
        #expect(json["comparisons"]?[0]?["win_rate"]?.double == 0.5)
        let ranking = try #require(json["ranking"]?.array)
        #expect(ranking.allSatisfy { abs($0["strength"]?.double ?? 1) < 1e-9 && $0["tied_with_first"] == true })
    }

    @Test("swapping the two versions turns the ranking round")
    func swapping() throws {
        let a: PromptVersion.ID = ID("a")
        let b: PromptVersion.ID = ID("b")
        let pairs = "WWWWWLLTFW"
        let swapped = String(pairs.map { $0 == "W" ? "L" : $0 == "L" ? "W" : $0 })
        func strengths(_ records: [PairwiseRecord]) throws -> [String: Double] {
            let ranking = try #require(PairwiseJSON(records: records).json["ranking"]?.array)
            return Dictionary(
                ranking.map { ($0["version_id"]?.string ?? "", $0["strength"]?.double ?? .nan) },
                uniquingKeysWith: { first, _ in first })
        }
        let there = try strengths([record(a, b, ["j": pairs])])
        let back = try strengths([record(a, b, ["j": swapped])])
        let other = try strengths([record(b, a, ["j": swapped])])
        for id in ["a", "b"] {
            #expect(abs((there[id] ?? .nan) + (back[id] ?? .nan)) < 1e-9)
            #expect(abs((there[id] ?? .nan) - (other[id] ?? .nan)) < 1e-9)
        }
        #expect((there["a"] ?? 0) > 0)
    }

    @Test("an undefeated version has a finite strength")
    func undefeated() throws {
        let json = PairwiseJSON(records: [record(ID("a"), ID("b"), ["j": "WWWWWWWWWWWWWWWWWWWW"])]).json
        let ranking = try #require(json["ranking"]?.array)
        #expect(ranking.map { $0["version_id"] } == ["a", "b"])
        #expect(ranking.allSatisfy { $0["strength"]?.double?.isFinite == true })
    }

    @Test("judges veto a version whose interval of wins lies below one half, unless they contradict themselves")
    func veto() {
        func veto(_ pairs: [String: String]) -> String? {
            PairwiseStep.veto(record(ID("new"), ID("old"), pairs), known: [])
        }
        #expect(veto(["j": "LLLLLLLLWL"])?.contains("vetoed") == true)
        #expect(veto(["j": "LLLLLLLLLL"])?.contains("vetoed") == true)
        #expect(veto(["j": "LLLWWLWLWW"]) == nil)
        #expect(veto(["j": "WWWWWWWWWW"]) == nil)
        #expect(veto(["j": "LLL"]) == nil)
        #expect(veto(["fickle": "LLLFFFFFFF"]) == nil)
    }

    @Test("without a pairwise judge there is nothing to show")
    func none() { #expect(PairwiseJSON(records: []).json == .null) }
}
