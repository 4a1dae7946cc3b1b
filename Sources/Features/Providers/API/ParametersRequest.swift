import EdisonCore
import EdisonWeb

extension FieldType where Value == JSONObject {
    /// Sampling parameters, in the ranges that all providers share.
    static let parameters = FieldType<ParametersRequest>.body(ParametersRequest.self)
        .map(sample: [:], or: "must be parameters") { $0.fields }
}

struct ParametersRequest: RequestBody {
    let fields: JSONObject

    init(_ given: Fields) {
        var result = JSONObject()
        func number(_ name: String, _ range: ClosedRange<Double>) {
            result[name] = given.optional(name, .number(range)).map { .number($0) }
        }
        func whole(_ name: String, _ range: ClosedRange<Int>) {
            result[name] = given.optional(name, .integer(range)).map { .integer(Int64($0)) }
        }
        number("temperature", 0...2)
        whole("max_tokens", 1...100_000)
        number("top_p", 0...1)
        whole("top_k", 0...1_000_000)
        number("frequency_penalty", -2...2)
        number("presence_penalty", -2...2)
        whole("seed", 0...Int(Int32.max))
        result["stop"] = given.optional("stop", .list(of: .text(1...200), 0...16))
            .map { .array($0.map { .string($0) }) }
        result["reasoning_effort"] = given.optional("reasoning_effort", .name(1...40)).map { .string($0) }
        result["extra"] = given.optional("extra", .object, "Passed on to the provider as it is.").map { .object($0) }
        fields = result
    }
}
