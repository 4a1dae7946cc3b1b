import EdisonCore
import HTTPTypes

extension AnswerKind {
    /// The same, kept by whoever asked for so long, and not sent again while it is what they have.
    package func cached(for time: Duration) -> AnswerKind {
        AnswerKind(status, description) { output in
            var answer = make(output)
            guard case .json(let json) = answer.body else { return answer }
            answer.headers[.cacheControl] = "private, max-age=\(time.components.seconds)"
            answer.headers[.eTag] = "\"\(ContentHash(of: json).text.prefix(32))\""
            return answer
        }
    }
}
