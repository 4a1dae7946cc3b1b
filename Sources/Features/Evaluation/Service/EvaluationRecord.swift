/// Where results are stored before they count. Experiments and A/B tests both keep outputs, judgments and scans; what owns
/// them differs.
package protocol EvaluationRecord: Sendable {
    /// Returns the stored one: of two for the same key the first counts.
    func record(_ output: Output, of cell: Cell) async throws -> Output
    func record(_ judgment: Judgment) async throws
    func record(_ scan: SafetyScan) async throws
}
