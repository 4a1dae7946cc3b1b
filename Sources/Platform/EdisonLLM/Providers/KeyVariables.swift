import EdisonCore
import Foundation

/// Finds keys where the vendors' own tools leave them; for whoever starts the program, never for a server's tenants.
enum KeyVariables {
    /// The key file that the variable names.
    static func googleFile(_ variables: [String: String]) throws -> Secret? {
        let name = "GOOGLE_APPLICATION_CREDENTIALS"
        guard let path = variables[name], !path.isEmpty else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw EdisonError(
                .invalid, "The file that \(name) names cannot be read: \(path)", detail: "Give the path of a key file.")
        }
        return Secret(text)
    }

    /// The pair of keys, with the token of a session where there is one.
    static func amazonPair(_ variables: [String: String]) -> Secret? {
        guard let id = variables["AWS_ACCESS_KEY_ID"], let secret = variables["AWS_SECRET_ACCESS_KEY"], !id.isEmpty,
            !secret.isEmpty
        else { return nil }
        var pair: JSONObject = ["access_key_id": .string(id), "secret_access_key": .string(secret)]
        if let token = variables["AWS_SESSION_TOKEN"], !token.isEmpty { pair["session_token"] = .string(token) }
        return Secret(JSONValue.object(pair).text())
    }
}
