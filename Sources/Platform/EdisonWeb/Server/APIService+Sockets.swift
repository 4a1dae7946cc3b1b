import EdisonCore
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

extension APIService {
    /// Whether a request becomes a WebSocket. One that may not goes on to the router, which says why.
    func decide(_ head: HTTPRequestHead, _ channel: any Channel) async -> WebChannel.Decision {
        guard let request = try? HTTPRequest(head, secure: false, splitCookie: false) else { return .pass }
        guard let target = RequestTarget(URI(request.path ?? "")),
            let (endpoint, values) = sockets.find(target.segments)
        else { return .pass }
        var standing: RequestRate.Standing?
        let address = RequestReading(settings: settings)
            .remoteAddress(request.headerFields, channel.remoteAddress?.ipAddress ?? "local")
        do {
            let principal = try await admission.principal(
                Credentials(request.method, request.headerFields), address, standing: &standing)
            let place = try await admit(principal, to: endpoint, values, request, &standing)
            let call = APIRequest(
                id: RequestID.of(request.headerFields), method: .get, path: request.path ?? "", principal: principal,
                place: place, parameters: values, queryItems: target.query, headers: request.headerFields, body: [],
                connection: nil,
                isStillAllowed: { [admission] in
                    try await admission.renew(
                        Credentials(request.method, request.headerFields), under: endpoint.access, endpoint.path, values
                    )
                }, remoteAddress: address)
            return .upgrade { socket in try await endpoint.handle(call, socket) }
        } catch { return .pass }
    }

    /// What a path without a route answers: where a WebSocket is, why it was not opened.
    func nothing(
        at target: RequestTarget, _ principal: Principal, _ head: HTTPRequest, _ standing: inout RequestRate.Standing?
    ) async throws -> EdisonError {
        guard let (endpoint, values) = sockets.find(target.segments) else {
            return EdisonError(.notFound, "There is nothing at this address.")
        }
        _ = try await admit(principal, to: endpoint, values, head, &standing)
        return EdisonError(
            .invalid, "This address speaks WebSocket.", detail: "Connect to it with a WebSocket client.",
            underlying: HTTPStatus(.upgradeRequired))
    }

    /// Browsers let pages of any origin open a WebSocket, and send the cookie with it.
    private func admit(
        _ principal: Principal, to endpoint: SocketEndpoint, _ values: [String: String], _ head: HTTPRequest,
        _ standing: inout RequestRate.Standing?
    ) async throws -> Place? {
        let host = head.authority ?? ""
        if let origin = head.headerFields[.origin], !settings.allowedOrigins.contains(origin),
            origin != "http://\(host)", origin != "https://\(host)"
        {
            throw EdisonError(.forbidden, "Pages of \(origin) may not connect here.")
        }
        return try await admission.admit(
            principal, under: endpoint.access, endpoint.path, values, standing: &standing)
    }
}
