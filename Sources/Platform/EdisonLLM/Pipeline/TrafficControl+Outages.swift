import EdisonCore
import Synchronization

/// Who is out, and for how long that is borne.
extension TrafficControl {
    /// A model by what the ledger has of it.
    struct KnownModel: Hashable, Sendable {
        let credential: String
        let model: String
    }

    /// These have answered before this process began: their silence is an outage, and no wrong key or address.
    func know(_ models: [KnownModel]) { state.withLock { $0.known.formUnion(models) } }

    /// Whether the model is failing everybody just now, and may yet come back.
    func isOut(_ reference: ModelReference) -> Bool {
        let place = Place(credential: Credential(reference.endpoint), model: reference.model)
        return state.withLock { [now] state in
            guard let breaker = state.breakers[place], breaker.state != .closed else { return false }
            let isKnown = state.known.contains(place.known)
            return !(state.outages[place]?.isOver(policy, isKnown: isKnown, at: now) ?? false)
        }
    }

    /// What a model that keeps failing said last.
    func lastWords(of reference: ModelReference) -> String? {
        let place = Place(credential: Credential(reference.endpoint), model: reference.model)
        return state.withLock { $0.outages[place]?.words }.flatMap { $0.isEmpty ? nil : $0 }
    }

    var breakers: [BreakerStatus] {
        state.withLock { state in
            state.breakers.map { place, breaker in
                BreakerStatus(
                    credentialID: place.credential.id, model: place.model, state: breaker.status,
                    calls: breaker.counts.calls, failures: breaker.counts.failures)
            }
        }.sorted { ($0.credentialID, $0.model) < ($1.credentialID, $1.model) }
    }
}
