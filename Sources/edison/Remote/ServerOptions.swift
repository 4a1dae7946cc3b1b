import ArgumentParser
import EdisonCore
import EdisonLLM
import EdisonServer
import Foundation

/// The server that a command works on, in the place of a database of its own.
struct ServerOptions: ParsableArguments {
    @Option(help: "Works on the server at this address, with its credentials and its database.") var server: String?
    @Option(help: "An API key of the server; in EDISON_API_KEY nobody else on this machine sees it.") var key: String?
    @Option(help: "The server's project: an id or a slug.") var project = "default"

    var isGiven: Bool { server != nil }

    func validate() throws {
        guard let server else {
            if key != nil { throw ValidationError("--key goes with --server") }
            return
        }
        let parts = URLComponents(string: server)
        guard ["http", "https"].contains(parts?.scheme ?? ""), parts?.host?.isEmpty == false,
            parts?.user == nil, parts?.query == nil
        else {
            throw ValidationError("--server is an address such as https://edison.example.org")
        }
    }

    /// nil without --server.
    ///
    /// - Parameter database: what was given with --database, which names another place to work in.
    func client(database: String) throws -> ServerClient? {
        guard let server else { return nil }
        guard database == RunOptions.defaultDatabase else {
            throw EdisonError(
                .invalid, "--server and --database name two places.", detail: "Leave one of them out.")
        }
        let given = key ?? FileEnvironmentVariables.here()["EDISON_API_KEY"] ?? ""
        guard !given.isEmpty else {
            throw EdisonError(
                .unauthenticated, "The server wants an API key.",
                detail: "Set EDISON_API_KEY, or add --key. Keys are made there: "
                    + "POST /api/v1/organizations/{organization}/api-keys")
        }
        if server.hasPrefix("http:"), !isLoopback(server) {
            StandardError.line("note: the key goes to \(server) without TLS, for all on the way to read; use https://.")
        }
        return ServerClient(address: server, key: Secret(given), project: project)
    }

    private func isLoopback(_ server: String) -> Bool {
        ServerSettings.isLoopback(URLComponents(string: server)?.host?.lowercased() ?? "")
    }

    /// A command on this server, as a person types it. The key is left out: what is printed is kept in logs.
    func command(_ words: String) -> String {
        let place = project == "default" ? "" : " --project \(project)"
        return "edison \(words) --server \(server ?? "")\(place)"
    }
}
