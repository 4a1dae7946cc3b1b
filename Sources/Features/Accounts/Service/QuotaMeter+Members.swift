import EdisonCore
package import EdisonQuotas

extension QuotaMeter {
    package static let members = QuotaMeter(.members) { organization, db in
        try MemberStore().count(of: organization, in: db)
            + InvitationStore().waiting(for: organization, at: .now, in: db)
    }
}
