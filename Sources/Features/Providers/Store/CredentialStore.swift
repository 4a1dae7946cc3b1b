import EdisonCore
import EdisonSQL

/// Credentials as rows; what is secret in them arrives sealed and leaves so.
struct CredentialStore: Sendable {
    func insert(_ credential: ProviderCredential, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO provider_credential
                (id, project_id, provider, label, sealed_secret, key_hint, config, is_active, rotation_days, key_set_at,
                 created_at, updated_at)
            VALUES
                (\(credential.id), \(credential.project), \(credential.provider), \(credential.label),
                 \(credential.sealedSecret), \(credential.keyHint), \(credential.config.json), \(credential.isActive),
                 \(credential.rotation.days), \(credential.rotation.keySetAt), \(credential.createdAt),
                 \(credential.updatedAt))
            """)
    }

    /// nil: there is none, or it is in another project.
    func credential(
        _ id: ProviderCredential.ID, in project: ProjectID? = nil, _ db: any DatabaseConnection
    ) throws -> ProviderCredential? {
        let found = try db.fetchOne("SELECT * FROM provider_credential WHERE id = \(id)").map(ProviderCredential.init)
        return project == nil || found?.project == project ? found : nil
    }

    /// The same for who changes it: nobody else does until the transaction ends.
    func held(_ id: ProviderCredential.ID, _ db: any DatabaseConnection) throws -> ProviderCredential? {
        try db.fetchOne("SELECT * FROM provider_credential WHERE id = \(id)\(db.dialect.lockRows)")
            .map(ProviderCredential.init)
    }

    func project(of id: String, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne("SELECT project_id FROM provider_credential WHERE id = \(id)").map { try $0.id("project_id") }
    }

    func organization(of project: ProjectID, in db: any DatabaseConnection) throws -> OrganizationID? {
        try db.fetchOne("SELECT organization_id FROM project WHERE id = \(project)")
            .map { try $0.id("organization_id") }
    }

    /// Newest first.
    ///
    /// - Parameter due: only those whose key should have been replaced by then.
    func list(
        of project: ProjectID, provider: String?, due: Timestamp?, page: PageRequest, in db: any DatabaseConnection
    ) throws -> [ProviderCredential] {
        let kind: SQL = provider.map { "AND provider = \($0)" } ?? ""
        let age: SQL = due.map { "AND key_set_at + rotation_days * 86400000000 <= \($0)" } ?? ""
        let rest: SQL = page.after.map { "AND id < \($0.text)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM provider_credential WHERE project_id = \(project) \(kind) \(age) \(rest)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(ProviderCredential.init)
    }

    func active(
        of project: ProjectID, provider: String?, in db: any DatabaseConnection
    ) throws -> [ProviderCredential] {
        let kind: SQL = provider.map { "AND provider = \($0)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM provider_credential WHERE project_id = \(project) AND is_active = 1 \(kind)
            ORDER BY provider, label
            """
        ).map(ProviderCredential.init)
    }

    func update(_ credential: ProviderCredential, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE provider_credential SET
                label = \(credential.label), sealed_secret = \(credential.sealedSecret),
                key_hint = \(credential.keyHint), config = \(credential.config.json),
                is_active = \(credential.isActive), rotation_days = \(credential.rotation.days),
                key_set_at = \(credential.rotation.keySetAt), staged_secret = \(credential.staged?.sealedSecret),
                staged_hint = \(credential.staged?.keyHint), staged_at = \(credential.staged?.stagedAt),
                validated_at = \(credential.validation?.checkedAt),
                validation = \(credential.validation?.stored ?? .null), updated_at = \(credential.updatedAt)
            WHERE id = \(credential.id)
            """)
    }

    func delete(_ id: ProviderCredential.ID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM provider_credential WHERE id = \(id)")
    }

    // MARK: Sealing anew

    /// Everything that is sealed, in the order of the ids, from the one after `last` on.
    func sealed(
        after last: ProviderCredential.ID?, limit: Int, in db: any DatabaseConnection
    ) throws -> [ProviderCredential] {
        try db.fetch(
            """
            SELECT * FROM provider_credential
            WHERE (sealed_secret IS NOT NULL OR staged_secret IS NOT NULL) AND id > \(last?.text ?? "")
            ORDER BY id LIMIT \(limit)
            """
        ).map(ProviderCredential.init)
    }

    /// Puts the same secret under another key in its place; whatever was changed meanwhile stays.
    func replace(
        secret old: String, by new: String, of id: ProviderCredential.ID, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            "UPDATE provider_credential SET sealed_secret = \(new) WHERE id = \(id) AND sealed_secret = \(old)")
    }

    func replace(
        staged old: String, by new: String, of id: ProviderCredential.ID, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            "UPDATE provider_credential SET staged_secret = \(new) WHERE id = \(id) AND staged_secret = \(old)")
    }
}

extension ProviderCredential {
    init(row: Row) throws {
        let staged = try row.optionalString("staged_secret")
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), provider: try row.string("provider"),
            label: try row.string("label"), sealedSecret: try row.optionalString("sealed_secret"),
            keyHint: try row.optionalString("key_hint"),
            config: CredentialConfig(try row.json("config").object ?? [:]), isActive: try row.bool("is_active"),
            rotation: KeyRotation(
                days: try row.optionalInt("rotation_days"), keySetAt: try row.optionalTimestamp("key_set_at")),
            staged: try staged.map { secret in
                StagedKey(
                    sealedSecret: secret, keyHint: try row.optionalString("staged_hint"),
                    stagedAt: try row.timestamp("staged_at"))
            },
            validation: CredentialValidation(stored: try row.json("validation")),
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"))
    }
}
