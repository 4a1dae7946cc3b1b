import EdisonCore
import Testing

@Suite("Errors")
struct ErrorTests {
    @Test("an error is told in words, with what to do and each field's fault")
    func description() {
        let error = EdisonError(
            .invalid, "The file has a fault:", detail: "Mend it.",
            issues: [
                FieldIssue(path: "rubric[1].weight", message: "must be a number", line: 4, column: 7),
                FieldIssue(path: "", message: "is empty"), FieldIssue(path: "goal", message: "is short", line: 2),
            ])
        #expect(
            error.description == """
                The file has a fault:
                Mend it.
                  4:7: rubric[1].weight: must be a number
                  is empty
                  2:1: goal: is short
                """)
        #expect(EdisonError(.conflict, "No.").description == "No.")
    }

    @Test("the cause is kept for the log, and never shown")
    func cause() {
        struct Secret: Error {}
        let error = EdisonError(.upstream, "The model failed.", underlying: Secret())
        #expect(error.underlying is Secret)
        #expect(!error.description.contains("Secret"))
    }

    @Test("codes are words of their own")
    func codes() {
        let words = EdisonError.Code.allCases.map(\.rawValue)
        #expect(Set(words).count == words.count)
        #expect(words.contains("budgetExceeded"))
        #expect(EdisonError.Code(rawValue: "nonsense") == nil)
    }
}
