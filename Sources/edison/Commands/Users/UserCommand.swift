import ArgumentParser
import EdisonAccounts
import EdisonCore
import EdisonServer

/// The accounts of a server, on its database directly: for owners who are locked out.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Lists the accounts of a server, and lets somebody in again.",
        discussion: "It works on the database itself, whether the server runs or not.",
        subcommands: [UserListCommand.self, UserLinkCommand.self, UserPasswordCommand.self],
        defaultSubcommand: UserListCommand.self)
}

/// Who has an account.
struct UserListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists all accounts, newest first.")

    @OptionGroup var place: RunsDatabase

    func run() async throws {
        let people = try await place.open { try await AccountRescue(database: $0.database).people() }
        if people.isEmpty {
            return StandardOutput.line(
                "Nobody has an account yet. The link of the first owner: \(place.command("user link"))")
        }
        for (user, organizations) in people {
            StandardOutput.line(
                [
                    user.id.text, user.role.rawValue, user.email ?? "no e-mail address", user.name,
                    organizations.map { "\($0.organization.slug) (\($0.role.rawValue))" }.joined(separator: ", "),
                ].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "  "))
        }
    }
}

/// Lets somebody in without a password, once.
struct UserLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Makes a link that signs a browser in once, within a day.")

    @Argument(help: "E-mail address or id; without it the only owner, or the first one to come.") var person: String?
    @OptionGroup var place: RunsDatabase
    @Option(help: "Where the server is reached (default: EDISON_PUBLIC_URL, else http://127.0.0.1:8080).")
    var server: String?

    func run() async throws {
        let made = try await place.open { try await AccountRescue(database: $0.database).link(for: person) }
        let settings = (try? SettingSources.here().settings()) ?? ServerSettings()
        let server = server ?? settings.publicURL ?? settings.url(port: settings.port)
        StandardOutput.line("\(server.hasSuffix("/") ? String(server.dropLast()) : server)/start/\(made.token)")
        let name = made.user.map { $0.email ?? $0.name ?? $0.id.text } ?? "the first owner"
        StandardError.line("It signs \(name) in once, within a day. Earlier links of the same person have ended.")
    }
}

/// Gives somebody a new password.
struct UserPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Gives somebody a new password, and ends all sessions of that person.",
        discussion: "The password is asked for, or is the first line of standard input.")

    @Argument(help: "E-mail address or id.") var person: String
    @OptionGroup var place: RunsDatabase

    func run() async throws {
        let password = try HiddenInput.line("New password: ")
        let user = try await place.open { workbench in
            try await AccountRescue(database: workbench.database).setPassword(password, of: person)
        }
        StandardError.line("The password of \(user.email ?? person) is changed. All sessions have ended.")
    }
}
