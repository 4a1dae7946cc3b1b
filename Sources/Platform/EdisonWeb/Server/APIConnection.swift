package import Hummingbird
package import NIOCore

/// What a request comes on: Hummingbird's context with the connection itself.
package struct APIConnection: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    var address: String { channel.remoteAddress?.ipAddress ?? "local" }
}
