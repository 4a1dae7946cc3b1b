internal import EdisonCore

/// Decides what a simulated model says; the wire formats decide how it is sent.
protocol Behaviour: Sendable {
    func answer(to request: SimulatedRequest) -> SimulatedAnswer
}

/// Repeats the last user message; where a schema is asked for, gives the smallest instance of it.
struct Echo: Behaviour {
    func answer(to request: SimulatedRequest) -> SimulatedAnswer {
        if let schema = request.schema {
            return SimulatedAnswer(text: SchemaInstance.of(schema) { _ in request.lastUser }.text())
        }
        if let call = ToolUse.call(for: request) { return call }
        if request.asksForJSON {
            return SimulatedAnswer(text: JSONValue.object(["answer": .string(request.lastUser)]).text())
        }
        return SimulatedAnswer(text: request.lastUser)
    }
}
