import EdisonDatasets
import Testing

@testable import EdisonExperiments

@Suite("What is said of the size of the hold-out before a run")
struct HoldoutAdviceTests {
    private func advice(_ cases: Int, holdout: Double? = nil) -> String? {
        var definition = Sample.definition(cases: Sample.cases(cases))
        definition.holdout = holdout
        return definition.holdoutAdvice
    }

    @Test("thirty held-out cases can prove what is to be proven, and nothing is said")
    func enough() {
        #expect(advice(120) == nil)
        #expect(advice(60, holdout: 0.5) == nil)
    }

    @Test("ten to twenty-nine can prove a large difference only, and it is said how to hold out more")
    func few() {
        #expect(
            advice(40)
                == "10 held-out cases can prove a large difference only, 30 a smaller one too. holdout: 0.5 would hold out "
                + "20 of the 40.")
        #expect(advice(39) == "20 held-out cases can prove a large difference only, 30 a smaller one too.")
    }

    @Test("under ten nothing can be said at the end, and that is told")
    func tooFew() {
        #expect(advice(12)?.contains("Only 6 cases are held out; from 10 on") == true)
        #expect(advice(12, holdout: 0)?.contains("No cases are held out") == true)
    }
}
