/// What one session has had the server read and plan: a statement that comes again needs neither any more.
///
/// A statement is prepared when it comes for the second time, so that what is asked once costs no further request.
struct PreparedStatements {
    struct Key: Hashable {
        let text: String
        /// A statement is planned for the types of its values, and a NULL brings none.
        let types: [UInt32]
    }

    enum Way {
        case unprepared
        case prepare(String)
        case prepared(String)
    }

    private var names: [Key: String] = [:]
    private var seen: Set<Key> = []
    /// Names are not used again, since a statement that was forgotten here may live on in the server; nor are those of
    /// others, since behind a pooler another session's statement would be run in place of this one.
    private let prefix = "edison_\(String(UInt64.random(in: 0...(.max)), radix: 36))_"
    private var number = 0
    /// A pooler between us and the server may give each transaction another session of it, which knows none of these.
    private var isOff = false
    static let most = 256

    /// Whether the server had better forget them all: lists of values of ever other lengths would fill it.
    var isFull: Bool { names.count >= Self.most }

    mutating func way(of key: Key) -> Way {
        if let name = names[key] { return .prepared(name) }
        if isOff || key.types.isEmpty { return .unprepared }
        if seen.count >= 8 * Self.most { seen = [] }
        guard !seen.insert(key).inserted else { return .unprepared }
        number += 1
        return .prepare("\(prefix)\(number)")
    }

    mutating func note(_ key: Key, as name: String) { names[key] = name }

    mutating func forget() { (names, seen) = ([:], []) }

    mutating func giveUp() {
        forget()
        isOff = true
    }
}
