import EdisonCore
import EdisonWeb
import Testing

/// Every endpoint × everybody who may ask, and what each must be told.
///
/// Each request carries a body that no endpoint takes. It is read after the caller was let in, so 400 and 415 say "let
/// in", and nothing is changed by asking.
struct AccessMatrix: Sendable {
    struct Caller: Sendable {
        enum Part: Sendable {
            case nobody
            case stranger
            case member(Role, installation: Role)
            case outsider
            case key(Tenants.Key)
        }

        let name: String
        let token: String?
        let part: Part
    }

    enum Expected: String, Sendable {
        case letIn, unknown, forbidden, absent

        var statuses: Set<Int> {
            switch self {
            case .letIn: [400, 415]
            case .unknown: [401]
            case .forbidden: [403]
            case .absent: [404]
            }
        }
    }

    let callers: [Caller]
    let tenants: Tenants

    init(_ tenants: Tenants) {
        self.tenants = tenants
        var callers = [
            Caller(name: "anonymous", token: nil, part: .nobody),
            Caller(name: "garbage token", token: "garbage", part: .stranger),
            Caller(name: "garbage key", token: "edk_garbage", part: .stranger),
            Caller(name: "expired token", token: tenants.expired, part: .stranger),
            Caller(name: "other tenant", token: tenants.outsider.token, part: .outsider),
        ]
        for (role, person) in tenants.members {
            // The first account of a database runs the installation, later ones begin as editors.
            let installation: Role = role == .owner ? .owner : .editor
            callers.append(
                Caller(
                    name: role.rawValue, token: person.token, part: .member(role, installation: installation)))
        }
        for (name, key) in tenants.keys {
            callers.append(Caller(name: "key \(name)", token: key.text, part: .key(key)))
        }
        self.callers = callers
    }

    static func expected(_ rule: AccessRule, _ part: Caller.Part, in project: ProjectID) -> Expected {
        switch (rule, part) {
        case (_, .stranger): .unknown
        case (.open, _): .letIn
        case (_, .nobody): .unknown
        case (.signedIn, _): .letIn
        case (.person, .key): .forbidden
        case (.person, _): .letIn
        case (.installation(let permission), .member(_, let role)): role >= permission.role ? .letIn : .forbidden
        case (.installation(let permission), .outsider): permission.role <= .editor ? .letIn : .forbidden
        case (.installation, .key): .absent
        case (_, .outsider): .absent
        case (.organization, .key(let key)) where key.project != nil: .absent
        case (_, .key(let key)) where key.project != nil && key.project != project: .absent
        case (.organization(let permission), .member(let role, _)), (.project(let permission), .member(let role, _)),
            (.entity(let permission, _), .member(let role, _)):
            role >= permission.role ? .letIn : .forbidden
        case (.organization(let permission), .key(let key)), (.project(let permission), .key(let key)),
            (.entity(let permission, _), .key(let key)):
            key.role >= permission.role && (key.scopes.contains("*") || key.scopes.contains(permission.name))
                ? .letIn : .forbidden
        }
    }

    /// - Parameter ids: things of the owner's project by their kind. Of a kind that is not among them a made-up id is
    ///   asked for: then nobody may find anything.
    func path(of endpoint: Endpoint, ids: [String: String]) -> (path: String, isMadeUp: Bool) {
        var path = endpoint.path.text
            .replacing("{organization}", with: tenants.owner.organization.text)
            .replacing("{project}", with: tenants.owner.project.text)
        var isMadeUp = false
        if case .entity(_, let owner) = endpoint.access {
            isMadeUp = ids[owner.kind] == nil
            path = path.replacing("{id}", with: ids[owner.kind] ?? "0198c0de-0000-7000-8000-000000000000")
        }
        for name in endpoint.path.parameters { path = path.replacing("{\(name)}", with: "x") }
        return (path, isMadeUp)
    }

    /// Asks everything, and says what was answered otherwise.
    func walk(_ endpoints: [Endpoint], on server: RunningServer, ids: [String: String] = [:]) async throws -> [String] {
        var faults: [String] = []
        for endpoint in endpoints {
            let (path, isMadeUp) = path(of: endpoint, ids: ids)
            for caller in callers {
                var expected = Self.expected(endpoint.access, caller.part, in: tenants.owner.project)
                if isMadeUp, expected == .letIn || expected == .forbidden { expected = .absent }
                let answer = try await server.ask(endpoint.method, path, token: caller.token, body: "{\"\":")
                if !expected.statuses.contains(answer.status) {
                    faults.append(
                        "\(endpoint.method) \(endpoint.path) for \(caller.name): \(answer.status), not \(expected)")
                }
                if let leak = leak(answer.json.text(), to: caller) {
                    faults.append("\(endpoint.method) \(endpoint.path) tells \(caller.name) of \(leak)")
                }
            }
        }
        return faults
    }

    /// Whoever has no part in the organisation reads nothing of it.
    private func leak(_ text: String, to caller: Caller) -> String? {
        switch caller.part {
        case .nobody, .stranger, .outsider:
            [tenants.owner.id.text, "owner@example.org", tenants.sibling.text, "Sibling"].first { text.contains($0) }
        case .member, .key: nil
        }
    }
}
