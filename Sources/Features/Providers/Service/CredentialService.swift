package import EdisonCore
package import EdisonEvents
package import EdisonLLM
package import EdisonSQL
package import EdisonSecrets

/// Keeps the credentials of projects, and gives calls what they need of them.
package struct CredentialService: Sendable {
    let database: Database
    let vault: CredentialVault
    let addresses: AddressPolicy
    let probe: CredentialProbe
    let store = CredentialStore()
    let audit = AuditTrail()
    let now: @Sendable () -> Timestamp

    package init(
        database: Database, box: SecretBox, transport: HTTPTransport, calls: ModelCalls, addresses: AddressPolicy,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.database = database
        vault = CredentialVault(box: box)
        self.addresses = addresses
        probe = CredentialProbe(transport: transport, calls: calls, now: now)
        self.now = now
    }

    @discardableResult
    package func create(
        _ wish: NewCredential, in project: ProjectID, by actor: Actor
    ) async throws -> ProviderCredential {
        try Self.refuse(
            CredentialRules.issues(wish.config, provider: wish.provider, key: wish.apiKey.map { Secret($0) }))
        try await checkAddress(of: wish.config, provider: wish.provider)
        let moment = now()
        var credential = ProviderCredential(
            id: IDSource.random.next(), project: project, provider: wish.provider, label: wish.label,
            sealedSecret: nil, keyHint: wish.apiKey.flatMap(CredentialSecret.hint), config: wish.config.masked,
            isActive: wish.isActive,
            rotation: KeyRotation(days: wish.rotationDays, keySetAt: wish.apiKey == nil ? nil : moment),
            staged: nil, validation: nil, createdAt: moment, updatedAt: moment)
        var secret = CredentialSecret(apiKey: wish.apiKey.map { Secret($0) })
        secret.headers = secret.headers(of: wish.config)
        credential.sealedSecret = try vault.seal(secret, for: credential.row)
        let made = credential
        try await naming(made) {
            try await database.write { db in
                try store.insert(made, in: db)
                try audit.record(
                    "credential.created", of: ("credential", made.id.text), by: actor,
                    changes: [
                        "provider": .string(made.provider), "label": .string(made.label), "config": made.config.json,
                    ], db)
            }
        }
        return made
    }

    package func list(
        of project: ProjectID, provider: String?, isDue: Bool = false, _ page: PageRequest
    ) async throws -> Listing<ProviderCredential> {
        let due = isDue ? now() : nil
        let found = try await database.read { db in
            try store.list(of: project, provider: provider, due: due, page: page, in: db)
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    package func credential(_ id: ProviderCredential.ID) async throws -> ProviderCredential {
        guard let found = try await database.read({ db in try store.credential(id, db) }) else { throw Self.absent }
        return found
    }

    /// What is not in the change stays; a configuration is replaced as a whole.
    @discardableResult
    package func change(
        _ id: ProviderCredential.ID, _ change: CredentialChange, by actor: Actor
    ) async throws -> ProviderCredential {
        let before = try await credential(id)
        if let config = change.config { try await checkAddress(of: config, provider: before.provider) }
        return try await naming(before) {
            try await database.write { db in
                guard let held = try store.held(id, db) else { throw Self.absent }
                let changed = try changed(held, change)
                try store.update(changed, in: db)
                try audit.record(
                    "credential.updated", of: ("credential", id.text), by: actor, changes: change.summary, db)
                return changed
            }
        }
    }

    private func changed(_ old: ProviderCredential, _ change: CredentialChange) throws -> ProviderCredential {
        var new = old
        new.label = change.label ?? old.label
        new.isActive = change.isActive ?? old.isActive
        if case .days(let days) = change.rotation { new.rotation.days = days }
        new.updatedAt = now()
        let isKeySame = if case .same = change.key { true } else { false }
        guard change.config != nil || !isKeySame else { return new }
        let config = change.config ?? old.config
        let moved = CredentialRules.moveIssues(from: old.config, to: config, provider: old.provider)
        // What nobody can open any more is not needed where all of it is given anew.
        let isNeeded = isKeySame || config.headers.contains { $0.value == CredentialSecret.mask }
        var secret = isNeeded ? try vault.open(old.sealedSecret, for: old.row) : CredentialSecret()
        switch change.key {
        case .same:
            if !secret.isEmpty || old.staged != nil { try Self.refuse(moved) }
        case .removed:
            try Self.refuse(moved.filter { $0.path != "api_key" })
            secret.apiKey = nil
            (new.keyHint, new.rotation.keySetAt) = (nil, nil)
        case .set(let key):
            try Self.refuse(moved.filter { $0.path != "api_key" })
            secret.apiKey = Secret(key)
            (new.keyHint, new.rotation.keySetAt) = (CredentialSecret.hint(of: key), now())
        }
        if !isKeySame { (new.staged, new.validation) = (nil, nil) }
        try Self.refuse(CredentialRules.issues(config, provider: old.provider, key: secret.apiKey))
        secret.headers = secret.headers(of: config)
        new.config = config.masked
        new.sealedSecret = try vault.seal(secret, for: old.row)
        return new
    }

    package func delete(_ id: ProviderCredential.ID, by actor: Actor) async throws {
        try await database.write { db in
            guard let held = try store.held(id, db) else { throw Self.absent }
            try store.delete(id, in: db)
            try audit.record(
                "credential.deleted", of: ("credential", id.text), by: actor,
                changes: ["provider": .string(held.provider), "label": .string(held.label)], db)
        }
    }

    package func usage(of id: ProviderCredential.ID) async throws -> CredentialUsage {
        let since = now().advanced(by: .zero - CredentialUsage.window)
        return try await database.read { db in try UsageStore().usage(of: id, since: since, in: db) }
    }

    // MARK: Words

    static var absent: EdisonError { EdisonError(.notFound, "There is no such credential.") }

    static func refuse(_ issues: [FieldIssue]) throws {
        if issues.isEmpty { return }
        throw EdisonError(.invalid, "The credential has \(issues.count == 1 ? "a fault" : "faults").", issues: issues)
    }

    func checkAddress(of config: CredentialConfig, provider: String) async throws {
        guard config.issues.isEmpty, let address = CredentialRules.address(config, of: provider),
            let host = ProviderAddress.host(of: address), let fault = await addresses.fault(of: host)
        else { return }
        throw EdisonError(
            .invalid, "The address \(fault).", detail: "Whoever runs the server can allow it: allow_private_providers.",
            issues: [FieldIssue(path: "config.base_url", message: fault)])
    }

    private func naming<Value>(_ credential: ProviderCredential, _ work: () async throws -> Value) async throws -> Value
    {
        do { return try await work() } catch let error as EdisonError where error.brokenRule == .unique {
            throw EdisonError(
                .conflict, "There is a credential for \(credential.provider) with this label already.",
                detail: "Choose another label.", issues: [FieldIssue(path: "label", message: "is taken")],
                underlying: error)
        }
    }
}
