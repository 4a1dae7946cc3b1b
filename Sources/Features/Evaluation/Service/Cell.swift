import EdisonCore
package import EdisonDatasets
package import EdisonPrompts

/// One thing to run and judge: a version of the prompt on a case, by a model, for the r-th time.
package struct Cell: Hashable, Sendable {
    package let version: PromptVersion
    package let testCase: TestCase
    /// The model configuration's name within the run.
    package let model: String
    package let replicate: Int

    package init(version: PromptVersion, testCase: TestCase, model: String, replicate: Int = 0) {
        self.version = version
        self.testCase = testCase
        self.model = model
        self.replicate = replicate
    }

    package var key: OutputKey {
        OutputKey(version: version.id.text, caseID: testCase.id.text, model: model, replicate: replicate)
    }
}
