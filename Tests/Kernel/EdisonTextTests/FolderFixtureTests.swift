import EdisonTestKit
import Foundation
import Testing

/// A file that is added to the oracles must not go unread. Another folder of fixtures may hold what it likes.
@Suite struct FolderFixtureTests {
    @Test(
        "every file of diff/ and templates/ has its suite",
        .enabled(
            if: (ProcessInfo.processInfo.environment["EDISON_FIXTURES"] ?? "").isEmpty, "other fixtures were named"))
    func files() throws {
        #expect(try FixtureFile.names(in: "diff") == ["line_diff", "merge3", "patch_apply", "word_diff"])
        #expect(
            try FixtureFile.names(in: "templates") == ["errors", "injection", "real_prompts", "render", "whitespace"])
    }
}
