import EdisonSQL

/// A database as the options of a command name it, for commands that a person is told to type.
enum DatabaseOption {
    /// Empty for the database that is used without a word. A password is left out: what is printed is kept in logs.
    static func words(_ place: String) -> String {
        if place == RunOptions.defaultDatabase { return "" }
        let shown = Database.shownName(of: place)
        return " --database " + (shown.contains(where: { " \"'$`\\".contains($0) }) ? "'\(shown)'" : shown)
    }
}
