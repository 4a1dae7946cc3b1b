import EdisonCore

/// What whoever stores credentials must know of a kind.
extension ProviderCatalog {
    /// The kinds that a server may call: programs and applications of one's own stand in experiment files alone.
    package static var servedKinds: [ProviderKind] { kinds.filter { !$0.takesCaseInput } }

    /// nil: there is none, whoever makes a credential must give one.
    package static func usualAddress(of kind: ProviderKind) -> String? {
        entries.first { $0.kind == kind }?.baseURL
    }

    package static func needsKey(_ kind: ProviderKind) -> Bool { entries.first { $0.kind == kind }?.needsKey ?? false }
}
