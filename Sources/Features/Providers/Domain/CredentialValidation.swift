package import EdisonCore

/// What came of asking a provider with a credential.
package struct CredentialValidation: Hashable, Sendable {
    /// How far it was tried: a list of models proves address and key with most providers, a call proves all.
    package enum Proof: String, Sendable, CaseIterable { case listing, call }

    package var ok: Bool
    package var proof: Proof
    package var latencyMilliseconds: Int
    /// nil: the provider did not list them.
    package var models: [String]?
    package var error: Fault?
    /// Parameters that were left out, as the provider does not know them.
    package var droppedParameters: [String] = []
    package var checkedAt: Timestamp

    /// Why it did not work, in the provider's words.
    package struct Fault: Hashable, Sendable {
        /// Such as `refused_key`.
        package let kind: String
        package let message: String
        package let status: Int?
    }
}

extension CredentialValidation {
    /// As it is kept with the credential: without the list.
    var stored: JSONValue {
        var object: JSONObject = [
            "ok": .bool(ok), "proof": .string(proof.rawValue), "latency_ms": .integer(Int64(latencyMilliseconds)),
            "checked_at": .integer(checkedAt.microseconds),
        ]
        object["error"] = error.map { fault -> JSONValue in
            ["kind": .string(fault.kind), "message": .string(fault.message), "status": JSONValue(fault.status)]
        }
        return .object(object)
    }

    init?(stored json: JSONValue) {
        guard let ok = json["ok"]?.bool else { return nil }
        self.init(
            ok: ok, proof: Proof(rawValue: json["proof"]?.string ?? "") ?? .listing,
            latencyMilliseconds: json["latency_ms"]?.int ?? 0, models: nil,
            error: json["error"].map {
                Fault(
                    kind: $0["kind"]?.string ?? "", message: $0["message"]?.string ?? "", status: $0["status"]?.int)
            },
            checkedAt: Timestamp(microseconds: Int64(json["checked_at"]?.int ?? 0)))
    }
}
