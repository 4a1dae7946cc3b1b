import EdisonCore

/// What a call is for; an open list, since every feature brings its own purposes.
package struct CallPurpose: Hashable, Sendable {
    package let name: String
    package init(_ name: String) { self.name = name }

    package static let execute = CallPurpose("execute")
    package static let judge = CallPurpose("judge")
    package static let refine = CallPurpose("refine")
    package static let summary = CallPurpose("summary")
    package static let generate = CallPurpose("generate")
    package static let embed = CallPurpose("embed")
    package static let validate = CallPurpose("validate")
}

/// Names one call for ever: asked again with the same key, after a crash or at once, it is the same call and its
/// stored answer is returned. This never expires, and is not the response cache.
package struct CallKey: Hashable, Sendable {
    /// The run that the call belongs to and is counted under.
    package let scope: String
    package let purpose: CallPurpose
    package let parts: [String]

    package init(scope: String, purpose: CallPurpose, parts: [String]) {
        self.scope = scope
        self.purpose = purpose
        self.parts = parts
    }

    package func appending(_ part: String) -> CallKey {
        CallKey(scope: scope, purpose: purpose, parts: parts + [part])
    }

    var text: String {
        ContentHash(of: ([scope, purpose.name] + parts).map { "\($0.utf8.count):\($0)" }.joined()).text
    }
}
