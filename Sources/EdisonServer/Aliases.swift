package import EdisonWeb
import HTTPTypes

/// Other spellings of the API's paths, which earlier descriptions of the product name: the one list of them.
package enum Aliases {
    /// `/api/…` is `/api/v1/…`.
    package static let prefixes = [PrefixAlias("/api", of: "/api/v1")]

    /// The bare ones answer programs alone, since pages may stand at the same addresses.
    package static let paths = [
        PathAlias("/models", of: "/api/v1/models", [.get], isBare: true),
        PathAlias("/models/{provider}", of: "/api/v1/models/{provider}", [.get], isBare: true),
        PathAlias("/models/{provider}/pricing", of: "/api/v1/models/{provider}/pricing", [.get], isBare: true),
        PathAlias("/models/{provider}/validate", of: "/api/v1/models/{provider}/validate", [.post], isBare: true),
        PathAlias("/api/v1/iterations/{id}/stream", of: "/api/v1/iterations/{id}/events", [.get]),
    ]
}
