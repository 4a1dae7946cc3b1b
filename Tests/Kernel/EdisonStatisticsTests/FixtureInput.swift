import EdisonCore

/// An input that the adapter cannot read: the case fails.
struct UnreadableInput: Error, CustomStringConvertible {
    let description: String
}

/// Reading an oracle's input, where NaN and the infinities are written as strings.
extension JSONValue {
    var oracleNumber: Double? {
        switch string {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: double
        }
    }

    func number(_ key: String) throws -> Double {
        guard let value = self[key]?.oracleNumber else { throw UnreadableInput(description: "no number \(key)") }
        return value
    }

    func number(_ key: String, default fallback: Double) throws -> Double {
        guard let value = self[key], !value.isNull else { return fallback }
        return try number(key)
    }

    func text(_ key: String) throws -> String {
        guard let value = self[key]?.string else { throw UnreadableInput(description: "no text \(key)") }
        return value
    }

    func elements(_ key: String) throws -> [JSONValue] {
        guard let value = self[key]?.array else { throw UnreadableInput(description: "no list \(key)") }
        return value
    }

    func numbers(_ key: String) throws -> [Double] {
        try elements(key).map {
            guard let value = $0.oracleNumber else { throw UnreadableInput(description: "not a number in \(key)") }
            return value
        }
    }
}

/// Writing results: an absent number is null, an integer stays one.
extension JSONValue {
    static func of(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    static func of(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    static func of(_ value: Bool?) -> JSONValue { value.map(JSONValue.bool) ?? .null }
    static func of(_ values: [Double]) -> JSONValue { .array(values.map(JSONValue.number)) }
}
