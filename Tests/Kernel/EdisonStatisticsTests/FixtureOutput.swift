import EdisonCore
import EdisonStatistics

extension JSONValue {
    static func of(_ interval: ConfidenceInterval?) -> JSONValue {
        guard let interval else { return .null }
        return [.oracle(interval.lower), .oracle(interval.upper)]
    }

    static func of(_ status: StatisticStatus) -> JSONValue { .string(status.rawValue) }

    /// Infinities as the oracles write them.
    static func oracle(_ value: Double) -> JSONValue {
        value == .infinity ? "Infinity" : value == -.infinity ? "-Infinity" : .number(value)
    }

    func alternative() throws -> Alternative {
        guard let value = Alternative(rawValue: try text("alternative", default: "two-sided")) else {
            throw UnreadableInput(description: "unknown alternative")
        }
        return value
    }

    func rankMethod() throws -> RankTestMethod {
        guard let value = RankTestMethod(rawValue: try text("method", default: "auto")) else {
            throw UnreadableInput(description: "unknown method")
        }
        return value
    }

    func text(_ key: String, default fallback: String) throws -> String {
        guard let value = self[key], !value.isNull else { return fallback }
        return try text(key)
    }

    func alpha() throws -> Double { try number("alpha", default: 0.05) }

    /// A count; nil when it is not a whole number, which the functions cannot even be given.
    func count(_ key: String) throws -> Int? { Int(exactly: try number(key)) }
}
