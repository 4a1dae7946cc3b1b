import EdisonCore
import EdisonEvaluation
import Testing

@testable import EdisonExperiments

@Suite("Labels as lines of JSON")
struct LabelLinesTests {
    private static let criteria = [
        Criterion(name: "Facts", weight: 0.5), Criterion(name: "Story", weight: 0.5, scale: Scale(min: 1, max: 3)),
    ]

    private func read(_ lines: String...) -> LabelLines {
        LabelLines(
            lines.joined(separator: "\n"), criteria: Self.criteria,
            outputs: ["a": "One day.", "b": "Another\nday.", "failed": nil])
    }

    private func faults(_ lines: String...) -> [String] {
        LabelLines(
            lines.joined(separator: "\n"), criteria: Self.criteria,
            outputs: ["a": "One day.", "b": "Another\nday.", "failed": nil]
        ).issues.map(\.description)
    }

    @Test("scores are read, whatever else stands in the line")
    func reads() {
        let found = read(
            #"{"output_id":"a","scores":{"Facts":2.5,"Story":3},"input":{"x":1}}"#, "",
            #"{"output_id":"b","scores":{"Story":1,"Facts":0}}"#, "")
        #expect(found.issues.isEmpty)
        #expect(found.labels.map(\.output.text) == ["a", "b"])
        #expect(found.labels.map(\.scores) == [["Facts": 2.5, "Story": 3], ["Facts": 0, "Story": 1]])
    }

    @Test("an output that is not the one of its id is a fault; other ends of lines are none")
    func shifted() {
        let scores = #""scores":{"Facts":1,"Story":1}"#
        #expect(
            faults(#"{"output_id":"a","output":"Another\nday.",\#(scores)}"#).first?.contains("is not the text of a")
                == true)
        #expect(faults(#"{"output_id":"b","output":"Another\r\nday. ",\#(scores)}"#) == [])
    }

    @Test("lines that nobody has filled in are counted and left out")
    func empty() {
        let found = read(
            #"{"output_id":"a","scores":{"Facts":null,"Story":null}}"#, #"{"output_id":"b","scores":{}}"#)
        #expect(found.labels.isEmpty && found.empty == 2 && found.issues.isEmpty)
    }

    @Test("every fault is named with its line")
    func names() {
        let good = #"{"output_id":"a","scores":{"Facts":1,"Story":2}}"#
        #expect(faults(good, "no json").first?.hasPrefix("2:1: not JSON") == true)
        #expect(faults("[]").first == "1:1: is a list, not an object with output_id and scores")
        #expect(faults(#"{"scores":{}}"#) == ["1:1: output_id: is missing"])
        #expect(
            faults(#"{"output_id":"a"}"#) == ["1:1: scores: is missing: an object with a number for each criterion"])
        #expect(faults(good, "", good) == ["3:1: output_id: stands in line 1 already"])
        #expect(
            faults(#"{"output_id":"c","scores":{"Facts":1,"Story":2}}"#) == [
                "1:1: output_id: c is no output of this run"
            ])
        #expect(
            faults(#"{"output_id":"failed","scores":{"Facts":1,"Story":2}}"#)
                == ["1:1: output_id: failed failed and has no text"])
        #expect(faults(#"{"output_id":"a","scores":{"Facts":1,"Story":null}}"#) == ["1:1: scores.Story: is missing"])
        #expect(
            faults(#"{"output_id":"a","scores":{"Facts":6,"Story":"3","Tone":1}}"#) == [
                "1:1: scores.Tone: is no criterion that people score",
                "1:1: scores.Facts: 6 is no number from 0 to 5",
                #"1:1: scores.Story: "3" is no number from 1 to 3"#,
            ])
    }
}
