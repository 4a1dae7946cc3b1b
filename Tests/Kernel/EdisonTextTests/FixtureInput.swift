import EdisonCore
import EdisonTestKit
import Foundation

/// A field that a case lacks or that is of another kind: reported, never taken for an empty one.
struct MissingField: Error, CustomStringConvertible {
    let key: String
    var description: String { "the case has no usable \"\(key)\"" }
}

extension JSONValue {
    func text(at key: String) throws -> String {
        guard let text = self[key]?.string else { throw MissingField(key: key) }
        return text
    }

    func int(at key: String) throws -> Int {
        guard let number = self[key]?.int else { throw MissingField(key: key) }
        return number
    }

    func bool(at key: String) throws -> Bool {
        guard let value = self[key]?.bool else { throw MissingField(key: key) }
        return value
    }

    func list(at key: String) throws -> [JSONValue] {
        guard let list = self[key]?.array else { throw MissingField(key: key) }
        return list
    }

    /// Text, or `{"base64": …}` where it is not valid UTF-8.
    func bytes(at key: String) throws -> [UInt8] {
        if let text = self[key]?.string { return Array(text.utf8) }
        guard let code = self[key]?["base64"]?.string, let data = Data(base64Encoded: code) else {
            throw MissingField(key: key)
        }
        return Array(data)
    }

    /// Nil for null: the text does not exist.
    func bytesOrNil(at key: String) throws -> [UInt8]? { self[key] == .null ? nil : try bytes(at: key) }
}

/// A difference, shown so that bytes which look alike can be told apart.
func byteDifference(_ what: String, got: [UInt8]?, want: [UInt8]?) -> [String] {
    if got == want { return [] }
    func shown(_ bytes: [UInt8]?) -> String {
        bytes.map { String(decoding: $0, as: UTF8.self).debugDescription } ?? "nil"
    }
    return ["\(what): got \(shown(got)), want \(shown(want))"]
}

func difference<Value: Equatable>(_ what: String, got: Value, want: Value) -> [String] {
    got == want ? [] : ["\(what): got \(got), want \(want)"]
}
