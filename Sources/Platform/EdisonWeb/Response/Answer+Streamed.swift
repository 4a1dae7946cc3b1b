package import HTTPTypes
import Hummingbird
import NIOCore

extension Answer {
    /// Text that is made while it is sent, so that it may be longer than the memory: `write` gives its pieces.
    package static func streamed(
        type: String, headers: HTTPFields = [:],
        _ write: @escaping @Sendable (_ piece: (String) async throws -> Void) async throws -> Void
    ) -> Answer {
        let body = ResponseBody { writer in
            var writer = writer
            try await write { try await writer.write(ByteBuffer(string: $0)) }
            try await writer.finish(nil)
        }
        return Answer(.ok, .stream(body, type: type), headers: headers)
    }
}
