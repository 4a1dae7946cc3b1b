import EdisonCore
import EdisonExperiments
import Testing

@Suite("Which run is meant")
struct RunChoiceTests {
    private func run(_ id: String, file: String? = nil, status: ExperimentStatus = .completed) -> StoredRun {
        StoredRun(
            experiment: Experiment(
                id: ID(id), kind: .refine, identity: ContentHash(of: id), name: "n", status: status, stopReason: nil,
                seed: 1, createdAt: .now),
            file: file, finishedAt: nil, iterations: 0, outcome: nil, production: nil)
    }

    @Test("the beginning of an id names a run, as long as no other begins like it")
    func beginnings() throws {
        let choice = RunChoice(runs: [run("01ab-2"), run("01ab-1"), run("02cd-1")])
        #expect(try choice.run("02", file: nil).experiment.id.text == "02cd-1")
        #expect(try choice.run("01AB-1", file: nil).experiment.id.text == "01ab-1")
        let several = #expect(throws: EdisonError.self) { try choice.run("01", file: nil) }
        #expect(several?.code == .invalid)
        #expect(several?.detail?.contains("01ab-2, 01ab-1") == true)
        for word in ["03", ""] {
            let none = #expect(throws: EdisonError.self) { try choice.run(word, file: nil) }
            #expect(none?.code == .notFound)
        }
    }

    @Test("a file names its newest run that is not archived, or else its newest")
    func files() throws {
        let runs = [
            run("4", file: "/a", status: .archived), run("3", file: "/a"), run("2", file: "/a"),
            run("1", file: "/b", status: .archived),
        ]
        let choice = RunChoice(runs: runs)
        #expect(try choice.run("a.yaml", file: "/a").experiment.id.text == "3")
        #expect(try choice.run("b.yaml", file: "/b").experiment.id.text == "1")
        #expect(throws: EdisonError.self) { try choice.run("c.yaml", file: "/c") }
        #expect(throws: EdisonError.self) { try RunChoice(runs: [run("1")]).run("x", file: nil) }
    }

    @Test("ids are shown as long as they need to be told apart, and at least eight characters")
    func length() {
        #expect(RunChoice.shortLength([]) == 8)
        #expect(RunChoice.shortLength(["01218bf-ec11", "01218bf-ef22"]) == 10)
        #expect(RunChoice.shortLength(["0a", "0b"]) == 8)
        #expect(RunChoice.shortLength(["0123456789ab", "f", "0123456789aa"]) == 12)
    }
}
