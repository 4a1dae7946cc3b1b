import EdisonCore
import EdisonEvaluation
import EdisonExperiments
import EdisonPrompts
import Testing

@Suite("From proposals to candidates")
struct ChildPlanTests {
    private let parent = PromptContent(text: "Answer the customer.\nBe slow.\nBe loud.\n{{message}}")

    private func guardian(_ change: (inout LoopSettings) -> Void = { _ in }) -> ProposalGuard {
        var settings = LoopSettings()
        change(&settings)
        return ProposalGuard(goal: Sample.goal, rubric: Sample.rubric, settings: settings, cases: [], seed: parent)
    }

    private func plans(
        _ proposals: [[(find: String, replace: String)]], guardian: ProposalGuard? = nil,
        tries: (ProposedEdit) -> Int = { _ in 0 }
    ) throws -> [ChildPlan] {
        let guardian = guardian ?? self.guardian()
        let read = try proposals.enumerated().map { index, edits in
            try Proposal(
                answer: ScriptedModel.edits(edits, note: "note \(index + 1)"), parent: parent, guardian: guardian)
        }
        return ChildPlan.plans(read, parent: parent, guardian: guardian, tries: tries)
    }

    @Test("the additions of a proposal make one candidate, and those of two are raced apart")
    func apart() throws {
        let plans = try plans([
            [("", "Rule: be kind.")], [("", "Rule: be brief."), ("Be slow.", "Be slow.\nBe calm.")],
        ])
        #expect(
            plans.map { $0.edits.map(\.replace) } == [["Rule: be kind."], ["Rule: be brief.", "Be slow.\nBe calm."]])
        #expect(
            plans.map(\.content.text) == [
                parent.text + "\nRule: be kind.",
                "Answer the customer.\nBe slow.\nBe calm.\nBe loud.\n{{message}}\nRule: be brief.",
            ])
        #expect(plans.map(\.note) == ["note 1", "note 2"])
    }

    @Test("each deletion and each replacement is a candidate of its own, after the additions")
    func alone() throws {
        let plans = try plans([
            [("", "Rule: be kind."), ("Be slow.\n", ""), ("Be loud.", "Be soft.")], [("", "Rule: be brief.")],
        ])
        #expect(plans.map(\.edits.count) == [1, 1, 1, 1])
        #expect(plans[0].content.text == parent.text + "\nRule: be kind.")
        #expect(plans[1].content.text == parent.text + "\nRule: be brief.")
        #expect(plans[2].content.text == "Answer the customer.\nBe loud.\n{{message}}")
        #expect(plans[3].content.text == "Answer the customer.\nBe slow.\nBe soft.\n{{message}}")
    }

    @Test("at most five additions are joined")
    func atMostFive() throws {
        let virtues = ["kind", "brief", "clear", "polite", "patient", "exact", "honest"]
        let plans = try plans([virtues.map { ("", "Rule: be \($0).") }])
        #expect(plans.count == 1)
        #expect(plans[0].edits.map(\.replace) == virtues.prefix(5).map { "Rule: be \($0)." })
    }

    @Test("an addition that would break the size budget is left out, a smaller one after it is not")
    func budget() throws {
        let long = "Rule: " + String(repeating: "be very kind ", count: 16)
        let other = "Rule: " + String(repeating: "stay most calm ", count: 14)
        let plans = try plans([[("", long), ("", other), ("", "Rule: be brief.")]])
        #expect(plans.count == 1)
        #expect(plans[0].edits.map(\.replace) == [long, "Rule: be brief."])
    }

    @Test("what stands already, in the parent or in another proposal, is not added again")
    func duplicates() throws {
        let plans = try plans([
            [("", "Be loud."), ("", "Rule: be kind.")],
            [("", "Rule: be kind."), ("{{message}}", "{{message}}\nRule: be kind.")],
        ])
        #expect(plans.count == 1)
        #expect(plans[0].edits.map(\.replace) == ["Rule: be kind."])
    }

    @Test("equal candidates are raced once")
    func equalCandidates() throws {
        let plans = try plans([[("Be loud.", "Be soft.")], [("Be loud.", "Be soft.")], [("loud", "soft")]])
        #expect(plans.count == 1)
        #expect(try self.plans([[("Be loud.", "Be loud.")]]).isEmpty)
    }

    @Test("an edit that has fallen three times is not tried again")
    func tries() throws {
        let proposals: [[(find: String, replace: String)]] = [
            [("", "Rule: be kind."), ("", "Rule: be brief."), ("Be loud.", "Be soft.")]
        ]
        let once = try plans(proposals) { $0.replace == "Rule: be kind." || $0.replace == "Be soft." ? 2 : 0 }
        #expect(once.map(\.edits.count) == [2, 1])
        let often = try plans(proposals) { $0.replace == "Rule: be kind." || $0.replace == "Be soft." ? 3 : 0 }
        #expect(often.map { $0.edits.map(\.replace) } == [["Rule: be brief."]])
        let strict = try plans(proposals, guardian: guardian { $0.tries = 1 }) { _ in 1 }
        #expect(strict.isEmpty)
    }

    @Test("an edit that breaks a rule makes no candidate, and the others stay")
    func faults() throws {
        let plans = try plans([
            [("{{message}}", ""), ("nowhere", "x"), ("", "Rule: use {{tone}}."), ("", "Rule: be kind.")]
        ])
        #expect(plans.map { $0.edits.map(\.replace) } == [["Rule: be kind."]])
    }

    @Test("without a proposal there is no candidate")
    func none() throws {
        #expect(try plans([]).isEmpty)
        #expect(try plans([[]]).isEmpty)
    }

    @Test("the loop counts how often an edit fell, not how often it won")
    func counting() {
        let edit = ProposedEdit(target: .prompt, find: "", replace: "Rule", claim: "a")
        let again = ProposedEdit(target: .prompt, find: "", replace: "Rule", claim: "in other words")
        let other = ProposedEdit(target: .systemPrompt, find: "", replace: "Rule", claim: "a")
        var state = LoopState(seed: SampleRun.version(1), ensemble: .equal(["judge"]))
        state.history = [
            TriedEdit(edit: edit, accepted: false, delta: nil, reason: ""),
            TriedEdit(edit: again, accepted: false, delta: -0.1, reason: ""),
            TriedEdit(edit: edit, accepted: true, delta: 0.1, reason: ""),
            TriedEdit(edit: other, accepted: false, delta: nil, reason: ""),
        ]
        #expect(state.tries(of: edit) == 2)
        #expect(state.tries(of: other) == 1)
    }
}
