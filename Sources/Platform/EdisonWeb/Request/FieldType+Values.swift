package import EdisonCore

extension FieldType where Value == Int {
    package static func integer(_ range: ClosedRange<Int>) -> FieldType {
        FieldType(
            schema: [
                "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
                "maximum": .integer(Int64(range.upperBound)),
            ], sample: range.lowerBound
        ) { json, path, issues in
            guard let value = json.int, range.contains(value) else {
                return fault("must be a whole number from \(range.lowerBound) to \(range.upperBound)", path, &issues)
            }
            return value
        }
    }
}

extension FieldType where Value == Double {
    package static func number(_ range: ClosedRange<Double>) -> FieldType {
        FieldType(
            schema: ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)],
            sample: range.lowerBound
        ) { json, path, issues in
            guard let value = json.double, range.contains(value) else {
                return fault("must be a number from \(range.lowerBound) to \(range.upperBound)", path, &issues)
            }
            return value
        }
    }
}

extension FieldType where Value == Bool {
    package static let bool = FieldType(schema: ["type": "boolean"], sample: false) { json, path, issues in
        json.bool ?? fault("must be true or false", path, &issues)
    }
}

extension FieldType where Value == Money {
    /// USD with up to nine decimals.
    package static func money(upTo most: Int = 1_000_000) -> FieldType {
        FieldType(
            schema: ["type": "number", "minimum": 0, "maximum": .integer(Int64(most))], sample: .zero
        ) { json, path, issues in
            guard let amount = json.double, (0...Double(most)).contains(amount), let money = Money(dollars: amount)
            else { return fault("must be an amount in USD from 0 to \(most)", path, &issues) }
            return money
        }.example(5)
    }
}

extension FieldType where Value == Timestamp {
    package static let time = FieldType(
        schema: ["type": "string", "format": "date-time"], sample: Timestamp(microseconds: 0)
    ) { json, path, issues in
        json.string.flatMap(Timestamp.init(rfc3339:))
            ?? fault("must be a time such as 2026-01-31T12:00:00Z", path, &issues)
    }
}

extension FieldType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words of an enumeration; the requirements' upper-case spellings are taken too.
    package static var word: FieldType {
        let words = Value.allCases.map(\.rawValue)
        return FieldType(
            schema: ["type": "string", "enum": .array(words.map { .string($0) })],
            sample: Value.allCases[Value.allCases.startIndex]
        ) { json, path, issues in
            let given = json.string ?? ""
            let lower = given.lowercased()
            return Value(rawValue: given) ?? Value(rawValue: lower)
                ?? Value(rawValue: lower.replacing("_", with: "-"))
                ?? fault("must be one of \(words.joined(separator: ", "))", path, &issues)
        }
    }
}

extension FieldType where Value == JSONValue {
    package static let any = FieldType(schema: [:], sample: .null) { json, _, _ in json }
}

extension FieldType where Value == JSONObject {
    package static let object = FieldType(schema: ["type": "object"], sample: [:]) { json, path, issues in
        json.object ?? fault("must be an object", path, &issues)
    }
}

extension FieldType {
    package static func list<Element>(
        of element: FieldType<Element>, _ count: ClosedRange<Int> = 0...10_000
    ) -> FieldType where Value == [Element] {
        FieldType(
            schema: [
                "type": "array", "items": .object(element.schema), "minItems": .integer(Int64(count.lowerBound)),
                "maxItems": .integer(Int64(count.upperBound)),
            ], sample: []
        ) { json, path, issues in
            guard let items = json.array else { return fault("must be a list", path, &issues) }
            guard count.contains(items.count) else {
                return fault("must have \(count.lowerBound) to \(count.upperBound) entries", path, &issues)
            }
            var values: [Element] = []
            for (index, item) in items.enumerated() {
                if let value = element.read(item, "\(path)[\(index)]", &issues) { values.append(value) }
            }
            return values.count == items.count ? values : nil
        }
    }

    /// An object with fields of its own.
    package static func body(_ type: Value.Type) -> FieldType where Value: RequestBody {
        FieldType(schema: Value.schema, sample: Value(Fields(describing: true))) { json, path, issues in
            guard let object = json.object else { return fault("must be an object", path, &issues) }
            let fields = Fields(object, path: path)
            let value = Value(fields)
            fields.end()
            issues += fields.issues
            return fields.issues.isEmpty ? value : nil
        }
    }
}
