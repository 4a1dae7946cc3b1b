import EdisonCore
import EdisonEvaluation
package import EdisonPrompts
import EdisonSQL

/// What people are asked about the run, and what they said.
extension ExperimentStore {
    func save(_ suggestions: [Suggestion]) async throws {
        try await database.write { db in
            for suggestion in suggestions { try ReviewStore().save(suggestion, of: experiment, in: db) }
        }
    }

    package func review(of version: PromptVersion.ID) async throws -> ReviewDecision? {
        try await database.read { db in try ReviewStore().decision(on: version, in: db) }
    }

    /// The first decision on a version stands; returns it.
    @discardableResult
    package func save(_ decision: ReviewDecision, of version: PromptVersion.ID) async throws -> ReviewDecision {
        try await database.write { db in
            try ReviewStore().save(decision, on: version, of: experiment, in: db)
            return try ReviewStore().decision(on: version, in: db) ?? decision
        }
    }

    func flagReviews() async throws -> [Output.ID: FlagReview] {
        try await database.read { db in try FlagStore().reviews(run: experiment, in: db) }
    }
}

extension ReviewDecision {
    var word: String {
        switch self {
        case .approve: "approve"
        case .edit: "edit"
        case .reject: "reject"
        case .requestChanges: "request-changes"
        case .later: "later"
        }
    }

    var note: String {
        switch self {
        case .approve(let note), .edit(_, let note), .reject(let note), .requestChanges(let note): note
        case .later: ""
        }
    }

    var editedContent: PromptContent? {
        if case .edit(let content, _) = self { content } else { nil }
    }

    init?(row: Row) throws {
        let note = try row.optionalString("note") ?? ""
        switch try row.string("decision") {
        case "approve": self = .approve(note: note)
        case "edit": self = .edit(PromptContent(json: try row.json("edited")), note: note)
        case "reject": self = .reject(note: note)
        case "request-changes": self = .requestChanges(note: note)
        default: return nil
        }
    }
}
