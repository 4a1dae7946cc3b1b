import EdisonCore
import EdisonWeb

extension Permission {
    /// Whoever chooses one for an experiment must see which there are; the key itself nobody sees.
    static let readCredentials = Permission("credentials:read", from: .editor)
    static let validateCredentials = Permission("credentials:validate", from: .editor)
    static let writeCredentials = Permission("credentials:write", from: .admin)
    static let readModels = Permission("models:read", from: .viewer)
    static let writeModels = Permission("models:write", from: .editor)
    static let readPrices = Permission("prices:read", from: .viewer)
    static let writePrices = Permission("prices:write", from: .admin)
}

extension EntityOwner {
    static let credential = EntityOwner("credential") { id, db in
        try CredentialStore().project(of: id, in: db).map { .project($0) }
    }
    static let modelConfiguration = EntityOwner("model configuration") { id, db in
        try ConfigurationStore().project(of: id, in: db).map { .project($0) }
    }
    static let modelPrice = EntityOwner("price") { id, db in
        try PriceStore().price(ModelPrice.ID(id), in: db).map { .organization($0.organization) }
    }
}

extension FieldType where Value == String {
    /// A kind of provider that a server can call; the requirements' upper-case spellings are taken too.
    static let provider = FieldType(
        schema: ["type": "string", "enum": .array(CredentialRules.kinds.map { .string($0) })], sample: "openai"
    ) { json, path, issues in
        let given = json.string ?? ""
        if let kind = CredentialRules.kind(given) { return kind }
        issues.append(FieldIssue(path: path, message: CredentialRules.kindFault(given)))
        return nil
    }

    /// One line without spaces, of characters that can stand in a header, or the JSON object that some providers have
    /// in its place; which of them, the provider's rules say.
    static let apiKey = text(1...8_192).requiring(
        "be one line of plain characters, without spaces, or a JSON object"
    ) { key in
        key.utf8.allSatisfy { $0 > 32 && $0 < 127 } || (try? JSONValue(parsing: key))?.object != nil
    }
}
