package import EdisonCore
import EdisonLLM
import EdisonPrompts

/// An experiment of the server, with what it was made from.
package struct HostedExperiment: Sendable {
    /// What a person has asked for that the worker has not done yet.
    package enum Wish: String, Sendable { case pause, cancel }

    package let experiment: Experiment
    package let project: ProjectID
    package let organization: OrganizationID
    package let goal: String
    let prompt: Prompt.ID
    /// The definition as it is stored, with every default filled in.
    package let definition: JSONValue
    /// An experiment file with ids of credentials; nil = it was made by the command line, which has its file.
    package let document: JSONObject?
    package let result: RunResult?
    /// Why it could not begin, or go on.
    let failure: String?
    package let wish: Wish?
    /// The job that works on it, or waits for a worker.
    package let job: String?
    /// By what its maker finds it again.
    package let reference: String?
    /// Who started it last, or made it.
    let starter: UserID?
    package let finishedAt: Timestamp?
    package let updatedAt: Timestamp

    package var id: Experiment.ID { experiment.id }
    /// A worker that was told to end was killed before it could give the experiment back: nobody has paused it. With a
    /// person's wish its job ends, and comes to no other worker.
    var isHandedOver: Bool { experiment.status == .paused && experiment.stopReason == .cancelled && wish == nil }
    /// Who pays for its calls.
    var payer: Payer { Payer(organization: organization, project: project, user: starter) }
    /// What ended it with an error, in words.
    var error: String? {
        if let known = failure ?? result?.json["error"]?.string { return known }
        return experiment.status == .failed ? result?.json["verdict_reason"]?.string : nil
    }
    /// What its result says it cost, where its calls were made elsewhere.
    var importedCost: Money? { result?.json["cost_usd"]?.double.flatMap { Money(dollars: $0) } }
    /// Changes with every change of the definition.
    package var tag: String { String(ContentHash(of: "\(id) \(updatedAt.microseconds)").text.prefix(16)) }
}

extension Permission {
    package static let readExperiments = Permission("experiments:read", from: .viewer)
    package static let writeExperiments = Permission("experiments:write", from: .editor)
    package static let runExperiments = Permission("experiments:run", from: .editor)
    package static let reviewExperiments = Permission("experiments:review", from: .reviewer)
}
