import EdisonCore
import EdisonWeb

extension CredentialValidation {
    static let shape = Shape<CredentialValidation>(
        "CredentialValidation",
        [
            .bool("ok", \.ok), .word("proof", \.proof), .integer("latency_ms", \.latencyMilliseconds),
            .optionalTexts("models", \.models), .optionalPart("error", fault, \.error),
            .texts("dropped_parameters", \.droppedParameters), .time("checked_at", \.checkedAt),
        ])

    private static let fault = Shape<Fault>(
        "ProviderFault",
        [.text("kind", \.kind), .text("message", \.message), .optionalInteger("status", \.status)])
}

extension Property {
    fileprivate static func optionalTexts(
        _ name: String, _ value: @escaping @Sendable (Value) -> [String]?
    ) -> Property {
        Property(name, ["type": ["array", "null"], "items": ["type": "string"]]) { whole in
            value(whole).map { .array($0.map { .string($0) }) } ?? .null
        }
    }
}
