import EdisonCore
import EdisonDatasets
import EdisonEvaluation

/// What the safety scan found, as the result file shows it: at each output and case, and counted.
struct SafetyJSON: Sendable {
    let scanner: SafetyScanner?
    let scans: [ContentHash: SafetyScan]

    /// The row with what was seen in the output; null when it was not scanned. Unchanged where no outputs are scanned.
    func adding(to row: JSONValue, _ output: Output) -> JSONValue {
        adding(to: row, .outputs, scan(of: output.text))
    }

    func adding(to row: JSONValue, _ testCase: TestCase) -> JSONValue {
        adding(to: row, .inputs, scan(of: SafetyScan.text(ofInput: testCase.input)))
    }

    private func adding(to row: JSONValue, _ subject: SafetyScanner.Subject, _ scan: SafetyScan?) -> JSONValue {
        guard scanner?.subjects.contains(subject) == true, case .object(var object) = row else { return row }
        object["safety"] = scan.map(Self.json) ?? .null
        return .object(object)
    }

    private func scan(of text: String?) -> SafetyScan? { text.flatMap { scans[ContentHash(of: $0)] } }

    /// Flags of an answer that could not be read are unknown.
    static func json(_ scan: SafetyScan) -> JSONValue {
        var object = JSONObject(
            (scan.flags.json.object?.members ?? []).map { ($0.key, scan.valid ? $0.value : .null) })
        object["evidence"] = .string(scan.evidence)
        object["valid"] = .bool(scan.valid)
        object["invalid_reason"] = JSONValue(scan.invalidReason)
        return .object(object)
    }

    /// Counted over outputs and inputs, not over different texts; nil without a scanner.
    func summary(outputs: [Output], cases: [TestCase]) -> JSONValue? {
        guard let scanner else { return nil }
        let found = [
            SafetyScanner.Subject.inputs: cases.compactMap { scan(of: SafetyScan.text(ofInput: $0.input)) },
            .outputs: outputs.compactMap { scan(of: $0.text) },
        ].filter { scanner.subjects.contains($0.key) }
        var object = Self.counts(found.flatMap(\.value))
        for subject in SafetyScanner.Subject.allCases {
            object[subject.rawValue] = found[subject].map { .object(Self.counts($0)) }
        }
        return .object(object)
    }

    private static func counts(_ scans: [SafetyScan]) -> JSONObject {
        let raised = scans.map(\.flags.raised)
        return [
            "scanned": .integer(Int64(scans.count)), "invalid": .integer(Int64(scans.count { !$0.valid })),
            "flagged": .integer(Int64(raised.count { !$0.isEmpty })),
            "by_flag": .object(
                JSONObject(
                    (SafetyFlags().json.object?.keys ?? []).map { name in
                        (name, .integer(Int64(raised.count { $0.contains(name) })))
                    })),
        ]
    }
}

extension SafetyScanner {
    /// As the result shows it and the run's identity needs it: no address, no secret, no price.
    var json: JSONObject {
        var form = model.json.object ?? [:]
        form["system_prompt"] = systemPrompt.map { .string($0) }
        return [
            "scanner": .object(form),
            "scan": .array(Subject.allCases.filter(subjects.contains).map { .string($0.rawValue) }),
        ]
    }
}
