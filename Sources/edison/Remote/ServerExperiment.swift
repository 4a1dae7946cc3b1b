import EdisonCore
import EdisonExperiments

/// An experiment as a server answers it.
struct ServerExperiment: Sendable {
    let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    var id: String { json["id"]?.string ?? "" }
    var name: String { TerminalText.plain(json["name"]?.string ?? "") }
    var status: ExperimentStatus { json["status"]?.string.flatMap(ExperimentStatus.init(rawValue:)) ?? .failed }
    var stopReason: StopReason? { json["stop_reason"]?.string.flatMap(StopReason.init(rawValue:)) }
    var calls: Int { json["calls"]?.int ?? 0 }
    /// nil = unknown.
    var spent: Money? { json["spent_usd"]?.double.flatMap { Money(dollars: $0) } }

    /// It waits for a decision, not for somebody to go on with it.
    var waitsForPerson: Bool { status == .paused && stopReason == nil }
}
