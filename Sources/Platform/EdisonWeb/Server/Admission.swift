import EdisonCore
import Foundation
import HTTPTypes

/// Lets a caller in, or says why not: who it is, whether it asks too often, and whether it may do this here.
struct Admission: Sendable {
    let access: any AccessControl
    let settings: WebSettings
    private let rate = RequestRate()

    init(access: any AccessControl, settings: WebSettings) {
        self.access = access
        self.settings = settings
    }

    /// Who asks. Guessed tokens are counted like nameless requests, so that guessing is slow.
    /// - Parameter standing: filled in whether the caller is let in or not, so that every answer tells it.
    func principal(
        _ credentials: Credentials, _ address: String, standing: inout RequestRate.Standing?
    ) async throws -> Principal {
        let principal: Principal
        do { principal = try await access.principal(of: credentials) } catch {
            try count("address \(address)", settings.anonymousRequestsPerMinute, standing: &standing)
            throw error
        }
        let limit = principal == .anonymous ? settings.anonymousRequestsPerMinute : settings.requestsPerMinute
        try count(principal.name ?? "address \(address)", limit, standing: &standing)
        return principal
    }

    private func count(_ caller: String, _ limit: Int?, standing: inout RequestRate.Standing?) throws {
        guard let limit else { return }
        let found = rate.take(caller, limit: limit)
        if standing.map({ found.remaining < $0.remaining }) ?? true { standing = found }
        guard let wait = found.retryAfter else { return }
        throw EdisonError(
            .limited, "Too many requests: \(limit) a minute are possible.", detail: "Try again in \(wait) s.",
            underlying: RetryAfter(seconds: wait))
    }

    func admit(
        _ principal: Principal, under rule: AccessRule, _ path: PathTemplate, _ parameters: [String: String],
        standing: inout RequestRate.Standing?
    ) async throws -> Place? {
        let place = try await place(of: principal, under: rule, path, parameters)
        if let place, let organization = place.organization {
            let limit = place.requestsPerMinute ?? settings.organizationRequestsPerMinute
            try count("organization \(organization)", limit, standing: &standing)
        }
        return place
    }

    /// Whether a caller that was let in may still do this; it counts as no request.
    func renew(
        _ credentials: Credentials, under rule: AccessRule, _ path: PathTemplate, _ parameters: [String: String]
    ) async throws {
        _ = try await place(of: access.principal(of: credentials), under: rule, path, parameters)
    }

    private func place(
        of principal: Principal, under rule: AccessRule, _ path: PathTemplate, _ parameters: [String: String]
    ) async throws -> Place? {
        func require(_ name: String) throws -> String {
            guard let value = parameters[name] else {
                throw EdisonError(.internal, "The path \(path) has no {\(name)} for its rule of access.")
            }
            return value
        }
        let target: AccessTarget
        switch rule {
        case .open: return nil
        case .signedIn, .person:
            if principal == .anonymous { throw Self.unauthorized }
            if case .key = principal, case .person = rule {
                throw EdisonError(.forbidden, "Only a person can do this, and no API key.")
            }
            return nil
        case .organization: target = .organization(try require("organization"))
        case .project: target = .project(try require("project"))
        case .entity(_, let owner): target = .entity(owner, id: try require("id"))
        case .installation: target = .installation
        }
        guard let permission = rule.permission, principal != .anonymous else { throw Self.unauthorized }
        guard let place = try await access.place(of: target, for: principal) else {
            throw EdisonError(.notFound, "There is no such \(Self.kind(target)).")
        }
        guard Self.allows(principal, permission, place.role) else {
            throw EdisonError(
                .forbidden, "You may not do this here.",
                detail: "It needs the permission \(permission), which the role \(permission.role.rawValue) has.")
        }
        return place
    }

    static func allows(_ principal: Principal, _ permission: Permission, _ role: Role) -> Bool {
        switch principal {
        case .anonymous: false
        case .user: role >= permission.role
        case .key(let key): key.allows(permission) && role >= permission.role
        }
    }

    private static func kind(_ target: AccessTarget) -> String {
        switch target {
        case .organization: "organization"
        case .project: "project"
        case .entity(let owner, _): owner.kind
        case .installation: "page"
        }
    }

    private static var unauthorized: EdisonError {
        EdisonError(
            .unauthenticated, "Unauthorized",
            detail: "Send an access token or an API key: Authorization: Bearer …")
    }
}

extension RequestRate.Standing {
    func tell(in headers: inout HTTPFields) {
        headers[HTTPField.Name("RateLimit-Limit")!] = "\(limit)"
        headers[HTTPField.Name("RateLimit-Remaining")!] = "\(remaining)"
        headers[HTTPField.Name("RateLimit-Reset")!] = "\(reset)"
    }
}
