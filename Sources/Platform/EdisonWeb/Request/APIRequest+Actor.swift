import EdisonCore
package import EdisonEvents

extension APIRequest {
    /// Whoever asks, for what is written down of a change.
    package var actor: Actor {
        var actor = Actor(
            organization: place?.organization, project: place?.project, user: principal.user, request: id)
        if case .key(let key) = principal {
            actor.key = key.id
            actor.organization = actor.organization ?? key.organization
        }
        return actor
    }
}
