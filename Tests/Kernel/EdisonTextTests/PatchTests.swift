import EdisonText
import Testing

@Suite struct PatchTests {
    private func error(_ patch: String, on text: String, _ options: PatchOptions = PatchOptions()) -> PatchError? {
        do throws(PatchError) {
            _ = try Patch(parsing: patch).apply(to: text, options: options)
            return nil
        } catch { return error }
    }

    private let patch = "--- a/prompt.txt\n+++ b/prompt.txt\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"

    @Test("the error says why a hunk has no place")
    func advice() {
        #expect(error(patch, on: "a\r\nb\r\nc\r\n")?.reason.contains("line endings") == true)
        #expect(error(patch, on: "a\nb \nc\n")?.reason.contains("white space") == true)
        #expect(error(patch, on: "a\nB\nc\n")?.reason.contains("already") == true)
        #expect(error(patch, on: "x\n")?.reason.contains("make the patch anew") == true)
        #expect(error(patch, on: "intro\na\nb\nc\n")?.kind == .doesNotApply)
        #expect(
            error("--- a/x\n+++ b/x\n@@ -2 +2 @@\n-b\n+B\n", on: "a\nb\nc\n")?.reason.contains("no context") == true)
    }

    @Test("a malformed patch names the line")
    func lines() {
        let short = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n c\n"
        #expect(error(short, on: "a\nb\nc\n")?.line == 7)
        #expect(error(short, on: "a\nb\nc\n")?.description.hasPrefix("line 7 of the patch") == true)
        #expect(error("@@ -1 +1 @@\n-a\n+b\n", on: "a\n")?.kind == .malformed)
        #expect(error(patch + patch, on: "a\nb\nc\n")?.kind == .malformed)
        #expect(error(patch + "words\n@@ -9 +9 @@\n-a\n+b\n", on: "a\nb\nc\n")?.kind == .malformed)
    }

    @Test("white space can be ignored, and the text keeps its own")
    func ignoring() throws {
        let loose = PatchOptions(ignoring: .spaceChange)
        #expect(try Patch(parsing: patch).apply(to: "a  \nb\nc\t\n", options: loose) == "a  \nB\nc\t\n")
        let crlf = try Patch(parsing: patch).apply(to: "a\r\nb\r\nc\r\n", options: PatchOptions(ignoring: .lineEndings))
        #expect(crlf.map { Array($0.utf8) } == Array("a\r\nB\nc\r\n".utf8))
    }

    @Test("mail around a patch is no part of it")
    func mail() throws {
        let mail = "Subject: [PATCH] shorter\n\n---\n\(patch)-- \n2.39.5\n"
        #expect(try Patch(parsing: mail).apply(to: "a\nb\nc\n") == "a\nB\nc\n")
        #expect(try Patch(parsing: mail, repairingCounts: true).apply(to: "a\nb\nc\n") == "a\nB\nc\n")
    }

    @Test("creating and removing a text, and taking that back")
    func whole() throws {
        let nothing: String? = nil
        let creation = try Patch(parsing: "--- /dev/null\n+++ b/x.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n")
        #expect(creation.oldPath == nil && creation.newPath == "x.txt")
        #expect(try creation.apply(to: nothing) == "one\ntwo\n")
        #expect(try creation.reversed.apply(to: "one\ntwo\n") == nothing)
        #expect(throws: PatchError.self) { try creation.reversed.apply(to: "one\ntwo\nthree\n") }
        #expect(try Patch(parsing: creation.reversed.text) == creation.reversed)
        #expect(error("--- /dev/null\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", on: "a\n")?.kind == .malformed)
    }

    @Test("lines are never joined because one lacks its ending")
    func joining() {
        let insertion = "--- a/x\n+++ b/x\n@@ -1,0 +2 @@\n+b\n"
        #expect(error(insertion, on: "a", PatchOptions(allowsZeroContext: true))?.kind == .doesNotApply)
        let ending = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n"
        #expect(error(ending, on: "a\nc\n", PatchOptions(allowsZeroContext: true))?.kind == .doesNotApply)
    }

    @Test("a binary text has no patch, and says so")
    func binary() {
        let diff = LineDiff(from: "a\0\n", to: "b\0\n")
        #expect(diff.isBinary && !diff.isEmpty && diff.patch().hunks.isEmpty)
        #expect(diff.unified() == "Binary files a/prompt.txt and b/prompt.txt differ\n")
        #expect(LineDiff(from: "\0", to: "\0").unified().isEmpty)
    }

    @Test("changes of empty lines alone are no change where they are ignored")
    func blankLines() throws {
        let (old, new) = ("a\n\nb\nc\nd\ne\nf\ng\nh\n", "a\n\n\nb\nc\nd\ne\nf\ng\nH\n")
        let diff = LineDiff(from: old, to: new, ignoring: .blankLines)
        #expect(diff.addedCount == 1 && diff.deletedCount == 1)
        #expect(diff.unified() == "--- a/prompt.txt\n+++ b/prompt.txt\n@@ -6,4 +7,4 @@\n e\n f\n g\n-h\n+H\n")
        #expect(try diff.patch().apply(to: old) == "a\n\nb\nc\nd\ne\nf\ng\nH\n")
    }
}
