import EdisonCore
import Testing

@testable import EdisonAccounts

@Suite("Roles that are given and taken")
struct RoleRulesTests {
    @Test("nobody gives a role above the own, whatever it is", arguments: Role.allCases, Role.allCases)
    func giving(own: Role, given: Role) {
        let isAllowed = (try? RoleRules.requireGiveable(given, by: own)) != nil
        #expect(isAllowed == (given <= own))
    }

    @Test("nobody changes somebody whose role is above the own", arguments: Role.allCases, Role.allCases)
    func touching(own: Role, present: Role) {
        let change = RoleRules.Change(by: own, present: present, next: nil, isOwn: false, isLastOwner: false)
        #expect(((try? RoleRules.check(change)) != nil) == (present <= own))
    }

    @Test(
        "the last owner neither leaves nor steps down, and others may",
        arguments: [
            (Role?.none, true, false), (.admin, true, false), (.owner, true, true), (nil, false, true),
            (.viewer, false, true),
        ])
    func lastOwner(next: Role?, isLast: Bool, isAllowed: Bool) {
        let change = RoleRules.Change(by: .owner, present: .owner, next: next, isOwn: true, isLastOwner: isLast)
        #expect(((try? RoleRules.check(change)) != nil) == isAllowed)
    }

    @Test(
        "a key can do what it was given, what its maker can now, and nothing when the maker is gone",
        arguments: [
            (Role.editor, Role?.some(.owner), Role?.none, Role?.some(.editor)), (.owner, .viewer, nil, .viewer),
            (.editor, nil, .admin, .editor), (.admin, .viewer, .editor, .editor), (.owner, nil, nil, nil),
        ])
    func keys(key: Role, organization: Role?, project: Role?, expected: Role?) {
        #expect(KeyRights.role(of: key, makerInOrganization: organization, makerInProject: project) == expected)
    }

    @Test(
        "an account is made as the policy says",
        arguments: [
            (RegistrationPolicy.open, false, false, true), (.invited, false, false, false),
            (.invited, true, false, true), (.invited, false, true, true), (.closed, false, false, false),
            (.closed, true, false, false), (.closed, false, true, true),
        ])
    func registration(policy: RegistrationPolicy, hasInvitation: Bool, hasLink: Bool, isAdmitted: Bool) {
        let admitted = (try? policy.admit(hasInvitation: hasInvitation, hasLink: hasLink)) != nil
        #expect(admitted == isAdmitted)
    }
}
