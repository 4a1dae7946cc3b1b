/// One way to run the loop.
struct Arm: Sendable {
    let name: String
    var mode = "racing"
    var proposals = 2
    var judges = ["judge-a", "judge-b", "judge-c"]
    var refiner = "refiner"
    /// The default of the experiment file.
    var iterations = 10
    /// Limits of calls, each of which the run is started with once the one before has ended it; empty = none.
    var limits: [Int] = []

    static let ensemble = Arm(name: "racing, 2 proposals, 3 judges")
    static let compared = [
        ensemble,
        Arm(name: "racing, 1 proposal, 3 judges", proposals: 1),
        Arm(name: "racing, 2 proposals, 1 judge", judges: ["judge-a"]),
        Arm(name: "racing, 3 proposals, 1 judge", proposals: 3, judges: ["judge-a"]),
        Arm(
            name: "racing, 2 proposals, 3 very noisy judges",
            judges: ["judge-noisy-a", "judge-noisy-b", "judge-noisy-c"]),
    ]
    static let full = Arm(name: "full, 2 proposals, 3 judges", mode: "full")

    /// The refiner makes edits without effect: whatever is promoted is promoted wrongly.
    static let idle = Arm(name: "edits without effect", refiner: "refiner-noise")

    /// The same, ended by a limit of calls that is raised three times: each time another version may be tested.
    static let raised = Arm(
        name: "edits without effect, a limit raised three times", refiner: "refiner-noise", iterations: 40,
        limits: [550, 900, 1_250, 1_600])

    /// Time enough to freeze: twice the default.
    static let long = Arm(
        name: "racing, 20 iterations, very noisy judges", judges: ["judge-noisy-a", "judge-noisy-b", "judge-noisy-c"],
        iterations: 20)

    static let sabotaged = [
        Arm(name: "the search judge of three", judges: ["judge-contrary-a", "judge-b", "judge-c"]),
        Arm(name: "another judge of three", judges: ["judge-a", "judge-contrary-b", "judge-c"]),
        Arm(name: "two judges of three", judges: ["judge-contrary-a", "judge-contrary-b", "judge-c"]),
    ]
}
