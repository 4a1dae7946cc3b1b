/// How much a member may do, in an organisation or in one of its projects; each role may do all that the ones before
/// it may.
package enum Role: String, Sendable, CaseIterable, Comparable {
    case viewer, reviewer, editor, admin, owner

    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .reviewer: 1
        case .editor: 2
        case .admin: 3
        case .owner: 4
        }
    }
}
