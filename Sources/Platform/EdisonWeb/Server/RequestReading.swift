import EdisonCore
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// Takes in what a request brings: its body, up to a limit, and the address that it comes from.
struct RequestReading: Sendable {
    let settings: WebSettings

    func body(of request: Request, for endpoint: Endpoint) async throws -> [UInt8] {
        let limit: Int
        switch endpoint.input {
        case .none: limit = 64 << 10
        case .json: limit = settings.bodyLimit
        case .raw(_, let own): limit = own
        }
        // What is announced as too large need not come first.
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw Self.tooLarge(limit) }
        let body: [UInt8]
        do { body = [UInt8](buffer: try await request.body.collect(upTo: limit)) } catch is NIOTooManyBytesError {
            throw Self.tooLarge(limit)
        } catch is SlowBody {
            throw EdisonError(
                .invalid, "The body came too slowly.", detail: "Send the request again.",
                underlying: HTTPStatus(.requestTimeout))
        } catch let error as HTTPParserError { throw UnreadableRequest.error(for: error) } catch is IOError {
            throw Self.cut
        }
        // A client that has gone leaves a shorter body behind, which must not be taken for the whole.
        if let announced, announced != body.count { throw Self.cut }
        if !body.isEmpty { try check(body, request, endpoint) }
        return body
    }

    private func check(_ body: [UInt8], _ request: Request, _ endpoint: Endpoint) throws {
        if case .none = endpoint.input {
            // What would be ignored is most likely a mistake; an empty object is what many clients always send.
            if body.filter({ !" \t\r\n".utf8.contains($0) }) == Array("{}".utf8) { return }
            throw EdisonError(
                .invalid, "\(request.method.rawValue) takes no body here.", detail: "Leave it out.",
                underlying: HTTPStatus(.badRequest))
        }
        try endpoint.input.check(request.headers[.contentType])
    }

    private static var cut: EdisonError {
        EdisonError(
            .invalid, "The body ends before its time.", detail: "Send the request again.",
            underlying: HTTPStatus(.badRequest))
    }

    private static func tooLarge(_ limit: Int) -> EdisonError {
        EdisonError(
            .tooLarge, "The body is larger than \(limit) bytes, the most that this address takes.",
            underlying: BodyLeftUnread())
    }

    func remoteAddress(_ headers: HTTPFields, _ connection: String) -> String {
        guard settings.trustsProxy, let forwarded = headers[HTTPField.Name("X-Forwarded-For")!] else {
            return connection
        }
        // The last entry is the one that our own proxy wrote.
        return forwarded.split(separator: ",").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? connection
    }
}

/// Under an `EdisonError`: a part of the body is still to come, and the connection ends instead of reading it.
struct BodyLeftUnread: Error {}
