import EdisonCore

extension JSONValue {
    /// The only text of an input as it is, everything else as JSON.
    var shownText: String {
        if let text = string { return text }
        if let object, object.count == 1, let text = object.members.first?.value.string { return text }
        return text(.pretty)
    }
}
