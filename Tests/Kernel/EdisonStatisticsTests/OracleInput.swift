import EdisonCore
import EdisonStatistics

/// The input of an oracle case; a field that is missing or of another kind is an error, so that no case is passed over.
struct OracleInput {
    struct Missing: Error, CustomStringConvertible {
        let key: String
        var description: String { "input field '\(key)' is missing or of the wrong kind" }
    }

    let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    func has(_ key: String) -> Bool { json[key] != nil && json[key] != .null }

    func value(_ key: String) throws -> JSONValue {
        guard let value = json[key] else { throw Missing(key: key) }
        return value
    }

    func nested(_ key: String) throws -> OracleInput { OracleInput(try value(key)) }

    func list(_ key: String) throws -> [JSONValue] {
        guard let list = json[key]?.array else { throw Missing(key: key) }
        return list
    }

    func number(_ key: String) throws -> Double { try Self.number(try value(key), key) }
    func int(_ key: String) throws -> Int { try Self.int(try value(key), key) }

    func text(_ key: String) throws -> String {
        guard let text = json[key]?.string else { throw Missing(key: key) }
        return text
    }

    func flag(_ key: String) throws -> Bool {
        guard let flag = json[key]?.bool else { throw Missing(key: key) }
        return flag
    }

    func numbers(_ key: String) throws -> [Double] { try list(key).map { try Self.number($0, key) } }
    func ints(_ key: String) throws -> [Int] { try list(key).map { try Self.int($0, key) } }

    func matrix(_ key: String) throws -> [[Double]] {
        try list(key).map { row in try Self.array(row, key).map { try Self.number($0, key) } }
    }

    func integerMatrix(_ key: String) throws -> [[Int]] {
        try list(key).map { row in try Self.array(row, key).map { try Self.int($0, key) } }
    }

    static func array(_ json: JSONValue, _ key: String) throws -> [JSONValue] {
        guard let array = json.array else { throw Missing(key: key) }
        return array
    }

    static func number(_ json: JSONValue, _ key: String) throws -> Double {
        if let number = json.double { return number }
        switch json.string {
        case "NaN": return .nan
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        default: throw Missing(key: key)
        }
    }

    static func int(_ json: JSONValue, _ key: String) throws -> Int {
        guard let int = json.int else { throw Missing(key: key) }
        return int
    }
}

/// Results as JSON: nil is null.
enum Output {
    static func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    static func int(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    static func numbers(_ values: [Double]?) -> JSONValue { values.map { .array($0.map(JSONValue.number)) } ?? .null }
    static func ints(_ values: [Int]) -> JSONValue { .array(values.map { .integer(Int64($0)) }) }
    static func status(_ status: StatisticStatus) -> JSONValue { .string(status.rawValue) }

    static func interval(_ value: ConfidenceInterval?) -> JSONValue {
        value.map { .array([.number($0.lower), .number($0.upper)]) } ?? .null
    }
}
