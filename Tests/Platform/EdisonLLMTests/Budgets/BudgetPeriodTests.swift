import EdisonCore
import EdisonLLM
import Testing

@Suite("The periods of budgets")
struct BudgetPeriodTests {
    private static func at(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    @Test(
        "what counts begins with a day, and what is renewed ends with one",
        arguments: [
            (BudgetPeriod.day, "2026-03-15T23:59:59Z", "2026-03-15T00:00:00Z", "2026-03-16T00:00:00Z"),
            (.day, "2026-03-15T00:00:00Z", "2026-03-15T00:00:00Z", "2026-03-16T00:00:00Z"),
            (.month, "2026-03-15T12:00:00Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"),
            (.month, "2024-02-29T23:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
            (.month, "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            (.trailing, "2026-03-15T12:00:00Z", "2026-02-14T00:00:00Z", nil),
            (.total, "2026-03-15T12:00:00Z", "1970-01-01T00:00:00Z", nil),
        ] as [(BudgetPeriod, String, String, String?)])
    func windows(_ period: BudgetPeriod, _ moment: String, _ start: String, _ end: String?) throws {
        let moment = try Self.at(moment)
        #expect(try BudgetPeriod.moment(of: period.start(at: moment)) == Self.at(start))
        #expect(try period.end(at: moment) == end.map(Self.at))
    }

    @Test("days before 1970 are counted backwards")
    func early() {
        #expect(BudgetPeriod.day(of: Timestamp(microseconds: -1)) == -1)
        #expect(BudgetPeriod.day(of: Timestamp(microseconds: 0)) == 0)
    }

    @Test("an account is read as it was written")
    func accounts() {
        let accounts: [BudgetAccount] = [
            .plan(OrganizationID("o")), .organization(OrganizationID("o")), .project(ProjectID("p")),
            .user(UserID("u"), in: OrganizationID("o")), .credential("a/b"),
        ]
        #expect(accounts.map { BudgetAccount(stored: $0.text) } == accounts)
        #expect(["", "x/y", "user/u", "project"].map { BudgetAccount(stored: $0) } == [nil, nil, nil, nil])
        let payer = Payer(organization: OrganizationID("o"), project: ProjectID("p"), user: UserID("u"))
        #expect(Set(BudgetAccount.covering(payer, credentials: ["a/b"])) == Set(accounts))
        #expect(BudgetAccount.covering(nil, credentials: ["c"]) == [.credential("c")])
    }
}
