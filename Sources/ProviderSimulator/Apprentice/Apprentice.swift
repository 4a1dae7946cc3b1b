internal import EdisonCore

/// A deterministic model that obeys the text of its prompt, and that also judges, refines and drafts.
///
/// It has no view of who asks or why: each answer depends on the words of the request, its seed and the model's name.
struct Apprentice: Behaviour {
    let tasks: [ApprenticeTask]

    func answer(to request: SimulatedRequest) -> SimulatedAnswer {
        if let call = request.structuredCall { return SimulatedAnswer(text: structured(call, request).text()) }
        if let call = ToolUse.call(for: request) { return call }
        if request.sections.has("rubric"), request.sections.has("goal") {
            return SimulatedAnswer(text: Deliberation(tasks: tasks, request: request).text)
        }
        let performance = Performance(tasks: tasks, request: request)
        if let schema = request.schema {
            return SimulatedAnswer(text: SchemaInstance.of(schema, text: { performance.text(for: $0) }).text())
        }
        if request.asksForJSON {
            return SimulatedAnswer(text: JSONValue.object(["answer": .string(performance.text)]).text())
        }
        return SimulatedAnswer(text: performance.text)
    }

    private func structured(_ call: StructuredCall, _ request: SimulatedRequest) -> JSONValue {
        switch call {
        case .judgment: Judgment(tasks: tasks, request: request).answer
        case .comparison: Comparison(tasks: tasks, request: request).answer
        case .refinement: Refinement(tasks: tasks, request: request).answer
        case .summary: IterationSummary(request: request).answer
        case .drafts: Drafts(tasks: tasks, request: request).answer
        case .completion: WritingHelp(tasks: tasks, request: request).completion
        case .improvement: WritingHelp(tasks: tasks, request: request).improvement
        case .testCases: TestCases(tasks: tasks, request: request).answer
        case .safetyScan: SafetyScan(text: request.sections["text"] ?? request.lastUser).answer
        }
    }
}

extension [ApprenticeTask] {
    /// The task of which a text speaks most; the general one when it speaks of none.
    func closest(to text: String) -> ApprenticeTask {
        let words = Words.split(text)
        var best: (task: ApprenticeTask, affinity: Int)?
        for task in self {
            let affinity = task.affinity(words)
            if affinity > (best?.affinity ?? 1) { best = (task, affinity) }
        }
        return best?.task ?? .general
    }

    /// The task whose marks an answer bears most; nil when it bears none.
    func recognised(in answer: [UInt8]) -> ApprenticeTask? {
        var best: (task: ApprenticeTask, marks: Int)?
        for task in self + [.general] {
            let marks = task.requirements.count { $0.isMet(in: answer) || $0.isViolated(in: answer) }
            if marks > (best?.marks ?? 0) { best = (task, marks) }
        }
        return best?.task
    }
}
