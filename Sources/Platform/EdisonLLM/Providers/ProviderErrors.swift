import EdisonCore
import Foundation

/// Reads the error answers of all providers: they differ in shape and agree in meaning.
enum ProviderErrors {
    static func failure(_ response: HTTPTransport.Response, key: Secret?) -> ProviderFailure {
        let text = String(decoding: response.body.prefix(1 << 16), as: UTF8.self)
        let json = (try? JSONValue(parsing: text)) ?? .null
        let error = json["error"]
        let message =
            error?["message"]?.string ?? error?.string ?? json["message"]?.string ?? json["detail"]?.string
            ?? (text.isEmpty ? "no message" : text)
        let code = error?["code"]?.string ?? error?["code"]?.int.map(String.init) ?? error?["type"]?.string
        return ProviderFailure(
            kind(response.status, code: code, type: error?["type"]?.string), cleaned(message, key: key),
            status: response.status, code: code, retryAfter: retryAfter(response.headers))
    }

    static func kind(_ status: Int, code: String?, type: String?) -> ProviderFailure.Kind {
        let words = [code, type].compactMap(\.self).joined(separator: " ")
        if words.contains("insufficient_quota") || words.contains("spend_limit") { return .quotaExceeded }
        if words.contains("content_filter") { return .contentFiltered }
        switch status {
        case 400, 422: return words.contains("context_length") ? .tooLarge : .badRequest
        case 401: return .refusedKey
        case 402: return .quotaExceeded
        case 403: return .notAllowed
        case 404: return .unknownModel
        case 408, 504: return .timeout
        case 409: return .serverError
        case 413: return .tooLarge
        case 429: return .rateLimited
        case 503, 529: return .overloaded
        case 500...: return .serverError
        default: return .badRequest
        }
    }

    /// Shortened, on one line, and without the key, should the provider repeat it.
    static func cleaned(_ message: String, key: Secret?) -> String {
        var text = message.replacingOccurrences(of: "\n", with: " ")
        if let secret = key?.revealed, secret.count > 3 { text = text.replacingOccurrences(of: secret, with: "•••") }
        return text.count > 500 ? "\(text.prefix(500))…" : text
    }

    /// `retry-after-ms`, else `retry-after` in seconds or as a date.
    static func retryAfter(_ headers: HTTPHeaderFields) -> Duration? {
        if let milliseconds = headers["retry-after-ms"].flatMap(Double.init), milliseconds >= 0 {
            return .milliseconds(Int(milliseconds))
        }
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = Double(text), seconds >= 0 { return .milliseconds(Int(seconds * 1000)) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { .seconds(max(0, Int($0.timeIntervalSinceNow))) }
    }
}
