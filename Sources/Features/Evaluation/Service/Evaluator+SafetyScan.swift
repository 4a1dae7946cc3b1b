import EdisonCore
import EdisonDatasets
import EdisonLLM

/// Has texts scanned, each once in a run: the scan of a text depends on nothing but the text.
extension Evaluator {
    /// What is to be scanned of a cell and has no scan yet.
    func unscanned(_ cell: Cell, _ output: Output) async -> [String] {
        guard let scanner = run.scanner else { return [] }
        var texts: [String] = []
        if scanner.subjects.contains(.inputs) { texts.append(SafetyScan.text(ofInput: cell.testCase.input)) }
        if scanner.subjects.contains(.outputs), let text = output.text { texts.append(text) }
        var open: [String] = []
        for text in texts where await memo.scan(of: ContentHash(of: text)) == nil { open.append(text) }
        return open
    }

    /// Two cells may ask for the same text at once: it is the same call, and the first row stays.
    func scan(_ text: String, by scanner: SafetyScanner) async throws {
        let hash = ContentHash(of: text)
        let request = try SafetyScanContract(systemPrompt: scanner.systemPrompt).request(text: text)
        let outcome = try await gate.pass {
            try await calls.ask(
                request, run: run, model: scanner.model, temperature: 0, purpose: .scan, parts: [hash.text],
                seed: DerivedSeed(run.seed, "scan"), combine: { SafetyScanContract.agreed($0) })
        }
        let scan = SafetyScan(
            text: hash, flags: SafetyFlags(json: outcome.answer),
            evidence: outcome.answer.map(SafetyScanContract.evidence) ?? "", valid: outcome.answer != nil,
            invalidReason: outcome.failure, cost: outcome.cost)
        try await store.record(scan)
        await memo.add(scan)
    }
}
