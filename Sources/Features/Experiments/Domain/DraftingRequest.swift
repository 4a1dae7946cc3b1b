import EdisonCore

/// What a file asks a model to write before the run: marked as drafted, its cost part of the estimate and the budget.
package struct DraftingRequest: Hashable, Sendable {
    package var prompts = 0
    package var rubric = false
    package var cases = 0

    package init() {}

    package var isEmpty: Bool { self == DraftingRequest() }

    /// Calls at most, each with one corrective attempt left out: cases come in batches of 20.
    package var calls: Int { (prompts > 0 ? 1 : 0) + (rubric ? 1 : 0) + (cases + 19) / 20 }

    var json: JSONValue {
        ["prompts": .integer(Int64(prompts)), "rubric": .bool(rubric), "cases": .integer(Int64(cases))]
    }
}
