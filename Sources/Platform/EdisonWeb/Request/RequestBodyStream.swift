package import Hummingbird

/// The request behind a stream of events: as long as it is open, somebody reads.
package struct RequestBodyStream: Sendable {
    let request: Request

    init(_ request: Request) { self.request = request }
}
