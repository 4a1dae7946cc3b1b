/// What a simulated provider does, and where it listens.
package struct SimulatorConfiguration: Sendable {
    /// How answers are made.
    package enum Behaviour: Sendable {
        case script([ScriptRule])
        case echo
        /// Tasks that are tried before the general one; the earlier wins a tie.
        case apprentice([ApprenticeTask])
    }

    package var host: String
    /// 0 takes any free port.
    package var port: Int
    package var behaviour: Behaviour
    package var faults: FaultPlan
    /// When given, requests with another key, or none, are refused with 401.
    package var apiKey: String?
    /// Before the first byte of each answer.
    package var latency: Duration
    /// Between the frames of a stream.
    package var pace: Duration
    /// One JSON object a line for each request.
    package var logFile: String?
    /// Whether the log file holds the requests' bodies too.
    package var logsBodies: Bool

    package init(
        host: String = "127.0.0.1", port: Int = 0, behaviour: Behaviour = .apprentice(ApprenticeTask.shipped),
        faults: FaultPlan = FaultPlan(), apiKey: String? = nil, latency: Duration = .zero, pace: Duration = .zero,
        logFile: String? = nil, logsBodies: Bool = false
    ) {
        self.host = host
        self.port = port
        self.behaviour = behaviour
        self.faults = faults
        self.apiKey = apiKey
        self.latency = latency
        self.pace = pace
        self.logFile = logFile
        self.logsBodies = logsBodies
    }
}
