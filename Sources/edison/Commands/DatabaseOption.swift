import ArgumentParser
import EdisonSQL
import EdisonServer

extension ArgumentHelp {
    static let database: ArgumentHelp =
        "SQLite file or postgres://… URL (default: that of EDISON_DATABASE, else .edison/edison.db)."
}

extension SettingSources {
    /// What the environment says, and a `.env` of the current folder.
    static func here() -> SettingSources {
        var sources = SettingSources()
        sources.environment = FileEnvironmentVariables.here()
        return sources
    }
}

/// A database as the options of a command name it, for commands that a person is told to type.
enum DatabaseOption {
    /// Empty for the database that is used without a word. A password is left out: what is printed is kept in logs.
    static func words(_ place: String) -> String {
        if place == RunOptions.defaultDatabase { return "" }
        let shown = Database.shownName(of: place)
        return " --database " + (shown.contains(where: { " \"'$`\\".contains($0) }) ? "'\(shown)'" : shown)
    }
}
