package import EdisonCore
package import HTTPTypes

/// What an endpoint answers with headers of its own, such as a cookie.
package struct HeadedAnswer<Value: Sendable>: Sendable {
    let value: Value
    let headers: HTTPFields

    package init(_ value: Value, _ headers: HTTPFields) {
        self.value = value
        self.headers = headers
    }
}

extension AnswerKind {
    package static func headed<Value>(
        _ shape: Shape<Value>, _ status: HTTPResponse.Status = .ok
    ) -> AnswerKind where Output == HeadedAnswer<Value> {
        AnswerKind(status, .json(name: shape.name, schema: shape.schema)) { answer in
            Answer(status, .json(shape.json(answer.value)), headers: answer.headers)
        }
    }
}

extension AnswerKind where Output == HTTPFields {
    /// Headers alone.
    package static var headers: AnswerKind { AnswerKind(.noContent, .empty) { Answer(.noContent, headers: $0) } }
}
