import Crypto
import EdisonCore
import Foundation

/// Version 4 of AWS's signatures: proves who sends a request, when, and that nobody changed it.
///
/// The canonical path is the path as it is sent, encoded once more.
struct AWSSignature: Sendable {
    let region: String
    var service = "bedrock"
    let keyID: String
    let secret: Secret
    var session: Secret?

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// Adds the headers of the signature. Host and type of the content must stand there already; they are signed with
    /// the date and the token of the session.
    func sign(_ request: inout HTTPTransport.Request, at moment: Date) {
        let date = Self.date(moment)
        request.headers.append(("x-amz-date", date))
        if let session { request.headers.append(("x-amz-security-token", session.revealed)) }
        let canonical = canonicalRequest(request)
        let scope = "\(date.prefix(8))/\(region)/\(service)/aws4_request"
        let signature = signature(of: stringToSign(canonical.text, date, scope), date)
        request.headers.append(
            (
                "authorization",
                "\(Self.algorithm) Credential=\(keyID)/\(scope), SignedHeaders=\(canonical.signed), "
                    + "Signature=\(signature)"
            ))
    }

    private static let signedNames = ["content-type", "host", "x-amz-date", "x-amz-security-token"]

    func canonicalRequest(_ request: HTTPTransport.Request) -> (text: String, signed: String) {
        let parts = URLComponents(string: request.url)
        let path = parts?.percentEncodedPath ?? ""
        let query = (parts?.percentEncodedQuery ?? "").split(separator: "&").map { item in
            item.contains("=") ? String(item) : "\(item)="
        }.sorted()
        let headers = request.headers.map { (name: $0.0.lowercased(), value: Self.trimmed($0.1)) }
            .filter { Self.signedNames.contains($0.name) }.sorted { $0.name < $1.name }
        let signed = headers.map(\.name).joined(separator: ";")
        let lines = [
            request.method, PathSegment.encoded(path.isEmpty ? "/" : path, keeping: "/"), query.joined(separator: "&"),
            headers.map { "\($0.name):\($0.value)\n" }.joined(), signed, Self.hash(request.bytes ?? []),
        ]
        return (lines.joined(separator: "\n"), signed)
    }

    func stringToSign(_ canonical: String, _ date: String, _ scope: String) -> String {
        [Self.algorithm, date, scope, Self.hash(Array(canonical.utf8))].joined(separator: "\n")
    }

    func signature(of text: String, _ date: String) -> String {
        let key = [String(date.prefix(8)), region, service, "aws4_request"].reduce(
            Array("AWS4\(secret.revealed)".utf8)
        ) { key, part in Self.code(part, key) }
        return Self.hexadecimal(Self.code(text, key))
    }

    private static func code(_ text: String, _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    private static func hash(_ bytes: [UInt8]) -> String { hexadecimal(Array(SHA256.hash(data: bytes))) }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func trimmed(_ text: String) -> String { text.split(separator: " ").joined(separator: " ") }

    /// `20261121T005059Z`.
    static func date(_ moment: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: moment)
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return
            "\(parts.year ?? 0)\(two(parts.month))\(two(parts.day))"
            + "T\(two(parts.hour))\(two(parts.minute))\(two(parts.second))Z"
    }
}
