import EdisonCore
package import EdisonLLM

/// Who scans texts for what must not be in them, and which texts: independent of the judges.
package struct SafetyScanner: Sendable {
    /// What is looked at.
    package enum Subject: String, Sendable, CaseIterable { case inputs, outputs }

    package var model: RunModel
    package var subjects: Set<Subject>
    /// The scanner's own wording of its instructions; nil = Edison's.
    package var systemPrompt: String?

    package init(model: RunModel, subjects: Set<Subject> = Set(Subject.allCases), systemPrompt: String? = nil) {
        self.model = model
        self.subjects = subjects
        self.systemPrompt = systemPrompt
    }
}

extension CallPurpose {
    package static let scan = CallPurpose("scan")
}
