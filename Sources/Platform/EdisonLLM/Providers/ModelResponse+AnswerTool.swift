/// Where a structured answer is asked for as the call of a tool, its arguments are the answer.
extension ModelResponse {
    mutating func takeAnswer(from tool: String) {
        guard let call = toolCalls.first(where: { $0.name == tool }) else { return }
        text = call.arguments
        toolCalls.removeAll { $0.name == tool }
        if finishReason == .toolCalls, toolCalls.isEmpty { finishReason = .stop }
    }
}
