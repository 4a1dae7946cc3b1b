import EdisonCore
import EdisonTestKit
import Testing

@Suite("corrected oracles") struct CorrectionFixtureTests {
    @Test("every correction of an oracle applies to a case of its file, and is named", arguments: FixtureCorrection.all)
    func applies(_ correction: FixtureCorrection) throws {
        guard OracleCase.isProvided(correction.file, in: correction.folder) else { return }
        let file = try FixtureFile(correction.file, in: correction.folder)
        guard let fixture = file.cases.first(where: { $0.id == correction.id }) else { return }
        print("corrected: \(correction)")
        #expect(fixture.corrections.count == 1, "the file's value has changed: remove the correction")
    }

    @Test("a correction leaves alone what is not the oracle's value")
    func spares() throws {
        let correction = try #require(FixtureCorrection.all.first)
        #expect(correction.applied(to: ["slope_se": 1.5]) == nil)
        #expect(correction.applied(to: ["other": .number(correction.oracle.double ?? 0)]) == nil)
    }
}
