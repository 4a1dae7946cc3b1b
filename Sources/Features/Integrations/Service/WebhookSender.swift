import EdisonCore
import EdisonLLM
import Foundation

/// Makes one request of a delivery, and says what it came to.
struct WebhookSender: Sendable {
    let transport: HTTPTransport
    let now: @Sendable () -> Timestamp

    /// Standard Webhooks proposes 15 to 30 seconds.
    static let patience: Duration = .seconds(15)

    enum Outcome: Sendable {
        case delivered
        /// Another attempt may help, not before a wait that the receiver asked for.
        case failed(asked: Duration?)
        /// No attempt of this message can help.
        case refused
        /// The receiver wants no message any more.
        case gone
    }

    func send(
        _ delivery: WebhookDelivery, as kind: WebhookKind, to url: String, secrets: [String]
    ) async throws -> (outcome: Outcome, attempt: WebhookAttempt) {
        let moment = now()
        let begun = ContinuousClock.now
        var request = HTTPTransport.Request(url: url)
        request.headers = [("content-type", "application/json"), ("user-agent", "Edison")]
        if kind == .webhook {
            request.headers += try StandardWebhook.headers(
                id: delivery.id.text, at: moment, body: delivery.body, secrets: secrets)
        }
        request.bytes = Array(delivery.body.utf8)
        func attempt(_ status: Int?, _ error: String?, _ answer: [UInt8]) -> WebhookAttempt {
            WebhookAttempt(
                number: delivery.attempts + 1, at: moment, duration: ContinuousClock.now - begun, status: status,
                error: error, answer: Self.shown(answer))
        }
        do {
            let response = try await transport.send(
                request, timeout: Self.patience, keeping: WebhookAttempt.longestAnswer)
            let outcome = Self.outcome(response, kind)
            if case .delivered = outcome { return (outcome, attempt(response.status, nil, response.body)) }
            return (outcome, attempt(response.status, Self.words(response.status), response.body))
        } catch let failure as ProviderFailure {
            return (.failed(asked: nil), attempt(nil, failure.message, []))
        }
    }

    private static func outcome(_ response: HTTPTransport.Response, _ kind: WebhookKind) -> Outcome {
        if response.isSuccess { return .delivered }
        switch (kind, response.status) {
        case (_, 410), (.slack, 404): return .gone
        case (_, 429), (_, 503):
            return .failed(asked: response.headers["retry-after"].flatMap(Self.wait))
        // What Slack does not understand it will not understand later.
        case (.slack, 400..<500): return .refused
        default: return .failed(asked: nil)
        }
    }

    /// In seconds, at most a day; nil for what is no number of them.
    static func wait(_ text: String) -> Duration? {
        guard let seconds = Double(text), seconds >= 0 else { return nil }
        return .seconds(min(seconds, 86_400))
    }

    private static func words(_ status: Int) -> String {
        switch status {
        case 300..<400: "the address redirects elsewhere (\(status)), which is not followed"
        case 410: "the receiver is gone for good (410)"
        default: "the receiver answered with \(status)"
        }
    }

    /// Without control characters, which no terminal should be shown.
    private static func shown(_ answer: [UInt8]) -> String {
        let text = String(decoding: answer.prefix(WebhookAttempt.longestAnswer), as: UTF8.self)
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 || $0 == "\n" }))
    }
}
