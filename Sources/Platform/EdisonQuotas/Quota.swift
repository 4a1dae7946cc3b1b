package import EdisonCore

/// How much organizations of a tier may have and use; what is nil has no limit.
package struct Quota: Hashable, Sendable {
    /// Of what is kept, by what there is of it.
    package var stored: [StoredResource: Int] = [:]
    /// Of all callers of the organization together.
    package var requestsPerMinute: Int?
    /// What all its runs spend in a month of the calendar.
    package var monthlySpending: Money?

    package init() {}
}

/// What an organization keeps, as far as it is counted.
package enum StoredResource: String, Sendable, CaseIterable {
    /// With invitations that wait for an answer.
    case members
    case projects
    /// Of the cases in datasets: their inputs, expected outputs and checks as JSON in UTF-8.
    case datasetBytes = "dataset_bytes"

    /// As many of them, for people.
    func words(_ number: Int) -> String {
        switch self {
        case .members: number == 1 ? "1 member" : "\(number) members, open invitations among them"
        case .projects: number == 1 ? "1 project" : "\(number) projects"
        case .datasetBytes: "\(number) bytes of cases in datasets"
        }
    }
}
