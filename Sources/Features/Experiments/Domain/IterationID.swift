package import EdisonCore

/// The id of an iteration, known before it begins: made from the experiment's id and the iteration's number, so that it
/// can be named in the answer to a start.
package enum IterationID {
    package static func of(_ number: Int, in experiment: Experiment.ID) -> ID<IterationID> {
        let hash = ContentHash(of: "iteration \(number) of \(experiment)").text
        // The time of the experiment stays in front, so that ids sort as those of version 7 do.
        let time = experiment.text.count == 36 ? String(experiment.text.prefix(13)) : "00000000-0000"
        let digits = Array(hash)
        let tail = [
            "7" + String(digits[0..<3]), "8" + String(digits[3..<6]), String(digits[6..<18]),
        ]
        return ID("\(time)-\(tail.joined(separator: "-"))")
    }
}
