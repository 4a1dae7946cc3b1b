import EdisonCore
import Testing

@testable import EdisonExperiments

@Suite("What a report says of figures that rest on few cases")
struct SmallSampleTests {
    private func estimate(_ cases: Int) -> JSONValue {
        ["score": 0.6, "interval": [0.5, 0.7], "cases": .integer(Int64(cases))]
    }

    private func source(_ cases: Int, facet: Int = 3) -> ReportSource {
        let metrics: JSONValue = [
            "composite": estimate(cases), "per_criterion": ["Quality": estimate(cases)],
            "facets": ["tag:rare": estimate(facet)],
        ]
        let json: JSONObject = [
            "status": "completed",
            "iterations": [["number": 1, "metrics": metrics], ["number": 2, "metrics": metrics]],
            "holdout": [
                "cases": 40,
                "facets": [
                    "tag:rare": [
                        "difference": 0.1, "interval": [-0.9, 1.1], "cases": .integer(Int64(facet)), "different": false,
                    ]
                ],
            ],
        ]
        return ReportSource(RunResult(json: json))
    }

    @Test("a criterion or a kind of case has an interval from four cases on")
    func tooFew() {
        let criteria = ReportCriteria(source(3))
        #expect(criteria?.rows.map(\.after?.interval) == ["too few cases"])
        #expect(criteria?.rows.map(\.after?.low) == [nil])
        #expect(criteria?.facets?.elements.map(\.interval) == ["too few cases"])
        #expect(ReportCriteria(source(4, facet: 4))?.rows.map(\.after?.interval) == ["0.500 to 0.700"])
        #expect(ReportCriteria(source(4, facet: 4))?.facets?.elements.map(\.interval) == ["0.500 to 0.700"])
        #expect(ReportKinds(source(40))?.rows.map(\.interval) == ["–"])
        #expect(
            ReportKinds(source(40, facet: 4))?.rows.map(\.interval) == ["-0.900 to 1.100".replacing("-", with: "−")])
    }

    @Test("under twenty cases it says that rare failures may be missed, from twenty on it does not")
    func rareFailures() {
        #expect(ReportCriteria(source(19))?.caption.hasSuffix("may miss rare failures.") == true)
        #expect(ReportScorePlot(source(19))?.warning == "On fewer than 20 cases an interval may miss rare failures.")
        #expect(ReportCriteria(source(20))?.caption.contains("rare failures") == false)
        #expect(ReportScorePlot(source(20))?.warning == nil)
    }

    @Test("under thirty labelled cases the corrected difference says that large losses may be missed")
    func labels() {
        func remarks(_ clusters: Int) -> String {
            let corrected: JSONValue = [
                "difference": 0.1, "interval": [0.02, 0.18], "labels": .integer(Int64(clusters)),
                "clusters": .integer(Int64(clusters)),
            ]
            let json: JSONObject = [
                "status": "completed", "verdict": "better",
                "holdout": ["difference": 0.1, "interval": [0.02, 0.18], "cases": 40, "corrected": corrected],
            ]
            return ReportVerdict(ReportSource(RunResult(json: json))).remarks.joined(separator: " ")
        }
        #expect(remarks(29).contains("may be too narrow where large losses are rare"))
        #expect(remarks(30).contains("Corrected by the labels") && !remarks(30).contains("too narrow"))
    }
}
