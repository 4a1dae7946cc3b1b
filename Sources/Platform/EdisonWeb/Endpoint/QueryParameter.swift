import EdisonCore

/// A parameter of the query: text that is read like a field.
package struct QueryParameter: Sendable {
    package let name: String
    package let about: String
    let schema: JSONObject

    package init<Value>(_ name: String, _ type: FieldType<Value>, _ about: String) {
        self.name = name
        self.about = about
        schema = type.schema
    }

    /// `limit` and `cursor` of a list.
    package static let page = [
        QueryParameter("limit", .integer(1...PageRequest.maximumLimit), "How many entries; 50 when absent."),
        QueryParameter("cursor", .cursor, "`next_cursor` of the page before."),
    ]
}
