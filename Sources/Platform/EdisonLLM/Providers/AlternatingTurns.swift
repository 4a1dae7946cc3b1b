import EdisonCore

/// Messages as formats want them whose roles alternate: neighbours of one role are one turn, and the results of tools
/// stand in turns of the user.
enum AlternatingTurns {
    static func of(
        _ messages: [Message], _ blocks: (Message) throws -> [JSONValue]
    ) rethrows -> [(role: String, blocks: [JSONValue])] {
        var turns: [(role: String, blocks: [JSONValue])] = []
        for message in messages {
            let role = message.role == .assistant ? "assistant" : "user"
            let blocks = try blocks(message)
            if blocks.isEmpty { continue }
            if turns.last?.role == role {
                turns[turns.count - 1].blocks += blocks
            } else {
                turns.append((role, blocks))
            }
        }
        return turns
    }
}
