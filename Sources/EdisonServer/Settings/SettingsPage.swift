/// The reference of all settings, made from their one list.
package enum SettingsPage {
    package static var text: String {
        """
        # Settings of the server

        `edison serve` reads its settings from a file (`--config FILE`), from the environment and from its options. Options stand above the environment, and the environment above the file. A variable that is set and empty counts as not set; variables may stand in a `.env` of the current folder.

        The file is YAML with the keys below. An unknown key or a wrong value is refused with its line and column, and all faults are told at once.

        | key | variable | option | value | default |
        | --- | --- | --- | --- | --- |
        \(Setting.all.map(row).joined(separator: "\n"))

        ## What they do

        \(Setting.all.map { "- `\($0.key)`: \($0.sentence)" }.joined(separator: "\n"))

        The secret key has no option, since options are seen by everybody who lists the processes. In place of `EDISON_DATABASE`, `EDISON_DATABASE_FILE` may name a file that holds the URL, for secrets that come as files.

        ## An environment to start from

        ```text
        \(Setting.all.map(line).joined(separator: "\n"))
        ```

        This page is printed by `edison serve --print-settings`.

        """
    }

    private static func row(_ setting: Setting) -> String {
        let option = setting.hasOption ? "`\(setting.option)`" : "–"
        let fallback = setting.fallback.isEmpty ? "–" : setting.fallback
        return "| `\(setting.key)` | `\(setting.variable)` | \(option) | \(setting.kind) | \(fallback) |"
    }

    private static func line(_ setting: Setting) -> String {
        // What has no plain value as its default is left to be filled in.
        let isPlain = !setting.fallback.contains(" ")
        return "# \(setting.variable)=\(isPlain ? setting.fallback : "")"
    }
}
