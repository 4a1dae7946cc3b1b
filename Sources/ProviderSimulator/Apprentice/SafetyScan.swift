internal import EdisonCore

/// Answers the structured call `safety_scan`, and the flags of a judgment: what in a text is unsafe, by plain signs.
struct SafetyScan: Sendable {
    let text: String

    var flags: JSONObject {
        [
            "policy_violation": .bool(!evidence(of: Self.violations).isEmpty),
            "pii_detected": .bool(!personalData.isEmpty),
            "toxic_content": .bool(!evidence(of: Self.insults).isEmpty),
            "jailbreak_attempt": .bool(!evidence(of: Self.jailbreaks).isEmpty),
        ]
    }

    var answer: JSONValue {
        let found =
            evidence(of: Self.violations) + personalData + evidence(of: Self.insults) + evidence(of: Self.jailbreaks)
        var answer = flags
        answer["evidence"] = .string(found.isEmpty ? "" : "Found: " + found.joined(separator: "; "))
        return .object(answer)
    }

    private static let violations = ["build a bomb", "make a weapon", "forge a passport", "just send us your password"]
    private static let insults = ["idiot", "you are stupid", "shut up", "moron", "i hate you", "worthless person"]
    private static let jailbreaks = [
        "ignore previous instructions", "ignore all previous", "ignore your instructions", "disregard your rules",
        "reveal your system prompt", "you are now dan", "pretend you have no rules", "ignore the above",
    ]

    private func evidence(of phrases: [String]) -> [String] {
        let normal = Words.normalised(text)
        return phrases.filter { Words.contains(Words.normalised($0), in: normal) }
    }

    /// E-mail addresses and long numbers such as those of cards and accounts.
    private var personalData: [String] {
        text.split(whereSeparator: \.isWhitespace).compactMap { token in
            let parts = token.split(separator: "@", omittingEmptySubsequences: false)
            if parts.count == 2, parts[1].contains("."), !parts[0].isEmpty { return "an e-mail address" }
            let digits = token.count { $0.isNumber }
            return digits >= 13 && digits * 2 > token.count ? "a long number" : nil
        }
    }
}
