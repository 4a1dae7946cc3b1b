import EdisonServer

/// Where the key for secrets is, as far as a command that needs none can tell.
enum SecretKeyPlace {
    static func words(of database: String) -> String {
        let environment = FileEnvironmentVariables.here()
        if !(environment["EDISON_SECRET_KEY"] ?? "").isEmpty { return "the value of EDISON_SECRET_KEY" }
        let file = environment["EDISON_SECRET_KEY_FILE"] ?? ""
        if !file.isEmpty { return file }
        var settings = ServerSettings()
        settings.database = database
        return "\(settings.secretKeyPlace), or where secret_key_file puts it"
    }
}
