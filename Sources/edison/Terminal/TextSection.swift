/// A text that a person is asked about, under its title, and shown as it is: nothing in it can hide or move other words.
enum TextSection {
    static func show(_ title: String, _ text: String) {
        StandardError.line("\n\(Style.progress.bold(title))")
        for line in TerminalText.plain(text).split(separator: "\n", omittingEmptySubsequences: false) {
            StandardError.line("  \(line)")
        }
    }
}
