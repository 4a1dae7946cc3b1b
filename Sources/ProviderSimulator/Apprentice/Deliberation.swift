internal import EdisonCore

/// The turns of a thinking mode that come before the structured answer: analysis in plain words.
struct Deliberation: Sendable {
    let tasks: [ApprenticeTask]
    let request: SimulatedRequest

    var text: String {
        if request.sections.has("output") {
            return "Reading the answer: " + (Judgment(tasks: tasks, request: request).answer["reasoning"]?.string ?? "")
        }
        if request.sections.has("failures") {
            return Refinement(tasks: tasks, request: request).answer["analysis"]?.string ?? ""
        }
        return "I have read the goal and the criteria, and I will keep to them."
    }
}
