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

    /// - Parameter isShared: the thing belongs to the organisation, and to none of its projects.
    static func expected(
        _ rule: AccessRule, _ part: Caller.Part, in project: ProjectID, isShared: Bool = false
    ) -> Expected {
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
        case (.entity, .key(let key)) where key.project != nil && isShared: .absent
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

    /// - Parameter ids: things of the owner by their kind.
    /// - Returns: nil where a thing of that kind is wanted and none is there: a route that finds nothing lets nobody in,
    ///   and shows nothing.
    func path(of endpoint: Endpoint, ids: [String: String]) -> String? {
        var path = endpoint.path.text
            .replacing("{organization}", with: tenants.owner.organization.text)
            .replacing("{project}", with: tenants.owner.project.text)
        if case .entity(_, let owner) = endpoint.access {
            guard let id = ids[owner.kind] else { return nil }
            path = path.replacing("{id}", with: id)
        }
        for name in endpoint.path.parameters { path = path.replacing("{\(name)}", with: "x") }
        return path
    }

    private func isShared(_ endpoint: Endpoint) -> Bool {
        if case .entity(_, let owner) = endpoint.access {
            RealThings.ofOrganization.contains(owner.kind)
        } else {
            false
        }
    }

    /// Asks everything, and says what was answered otherwise.
    func walk(_ endpoints: [Endpoint], on server: RunningServer, ids: [String: String] = [:]) async throws -> [String] {
        var faults: [String] = []
        for endpoint in endpoints {
            guard let path = path(of: endpoint, ids: ids) else {
                faults.append("\(endpoint.method) \(endpoint.path) needs a thing to be tried with: see RealThings")
                continue
            }
            for caller in callers {
                let expected = Self.expected(
                    endpoint.access, caller.part, in: tenants.owner.project, isShared: isShared(endpoint))
                let answer = try await server.ask(endpoint.method, path, token: caller.token, body: "{\"\":")
                // Who takes bytes of several kinds says itself what is wrong with them.
                let isRead = if case .raw = endpoint.input { answer.status == 422 && expected == .letIn } else { false }
                if !expected.statuses.contains(answer.status), !isRead {
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

    /// Asks for things that are not there: whoever is known is told so, whatever the part.
    func walkAbsent(_ endpoints: [Endpoint], on server: RunningServer, ids: [String: String]) async throws -> [String] {
        var faults: [String] = []
        for endpoint in endpoints {
            guard case .entity = endpoint.access, let path = path(of: endpoint, ids: ids) else { continue }
            for caller in callers {
                let expected = Self.expected(endpoint.access, caller.part, in: tenants.owner.project)
                let told: Expected = expected == .unknown ? .unknown : .absent
                let answer = try await server.ask(endpoint.method, path, token: caller.token, body: "{\"\":")
                if !told.statuses.contains(answer.status) {
                    faults.append("\(endpoint.method) \(path) for \(caller.name): \(answer.status), not \(told)")
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
