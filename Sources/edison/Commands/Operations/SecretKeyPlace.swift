import EdisonServer

/// Where the key for secrets is, as far as a command that needs none can tell.
enum SecretKeyPlace {
    static var words: String {
        let environment = FileEnvironmentVariables.here()
        if !(environment["EDISON_SECRET_KEY"] ?? "").isEmpty { return "the value of EDISON_SECRET_KEY" }
        let file = environment["EDISON_SECRET_KEY_FILE"] ?? ""
        return file.isEmpty ? "\(ServerSettings().secretKeyFile), or where secret_key_file puts it" : file
    }
}
