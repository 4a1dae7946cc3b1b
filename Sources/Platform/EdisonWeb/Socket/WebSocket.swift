import NIOCore
import NIOWebSocket

/// What the handler of a WebSocket sees: whole messages in, messages out.
package struct WebSocket: Sendable {
    package enum Message: Sendable, Hashable {
        case text(String)
        case binary([UInt8])
    }

    private let inbound: NIOAsyncChannelInboundStream<WebSocketFrame>
    private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

    init(
        inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    package func send(_ text: String) async throws {
        try await outbound.write(WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text)))
    }

    package func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(bytes: bytes)))
    }

    /// Ends when the other side closes.
    package func receive(_ work: (Message) async throws -> Void) async throws {
        for try await frame in inbound {
            let data = frame.unmaskedData
            switch frame.opcode {
            case .text: try await work(.text(String(buffer: data)))
            case .binary: try await work(.binary([UInt8](buffer: data)))
            default: break
            }
        }
    }
}

extension WebSocketFrame {
    init(closing code: WebSocketErrorCode) {
        var bytes = ByteBuffer()
        bytes.write(webSocketErrorCode: code)
        self.init(fin: true, opcode: .connectionClose, data: bytes)
    }
}
