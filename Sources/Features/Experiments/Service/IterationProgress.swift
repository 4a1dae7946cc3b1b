import EdisonCore

/// Moves an iteration from executing to judging at the moment when its last output is there, while judgments of the
/// earlier ones are already under way: the states are told apart without making the calls wait for each other.
actor IterationProgress {
    private(set) var record: IterationRecord
    private let store: ExperimentStore

    init(_ record: IterationRecord, _ store: ExperimentStore) {
        self.record = record
        self.store = store
    }

    func judging() async throws {
        guard record.status == .executing else { return }
        record.status = try record.status.advanced(to: .judging)
        try await store.save(record)
    }
}
