package import EdisonCore
package import EdisonDatasets

/// One cell of the map of cases: what a case is about, how hard and how long it is, and what the answer to it fails at.
package struct CoverageCell: Hashable, Sendable {
    /// A cell without the failure: where a case lies before anybody has answered it.
    package struct Place: Hashable, Sendable {
        /// Empty where the known cases have no tags.
        package let tag: String
        package let difficulty: Int
        package let length: InputLength

        package init(tag: String, difficulty: Int, length: InputLength) {
            self.tag = tag
            self.difficulty = difficulty
            self.length = length
        }

        var text: String { "\(tag)/\(difficulty)/\(length.rawValue)" }
    }

    package let place: Place
    /// The criterion that the answer fails most; nil = none.
    package let failure: String?

    package init(_ place: Place, failure: String?) {
        self.place = place
        self.failure = failure
    }

    /// The form that a generator is asked by.
    var wanted: JSONValue {
        var object = JSONObject()
        if !place.tag.isEmpty { object["tag"] = .string(place.tag) }
        object["difficulty"] = .integer(Int64(place.difficulty))
        object["length"] = .string("\(place.length.rawValue) (\(place.length.words))")
        object["failure"] = failure.map { .string($0) }
        object["count"] = 1
        return .object(object)
    }

    package var json: JSONValue {
        [
            "tag": .string(place.tag), "difficulty": .integer(Int64(place.difficulty)),
            "length": .string(place.length.rawValue), "failure": JSONValue(failure),
        ]
    }
}
