/// How well a model of the apprentice family follows instructions, by its name.
struct Skill: Sendable {
    /// Added to the chance of meeting a stated requirement.
    let obedience: Double
    /// Multiplies the chance of meeting one unasked.
    let initiative: Double

    init(model: String) {
        let words = Words.split(model)
        if words.contains(where: ["small", "mini", "tiny", "nano"].contains) {
            (obedience, initiative) = (-0.07, 0.8)
        } else if words.contains(where: ["large", "pro", "big", "max"].contains) {
            (obedience, initiative) = (0.02, 1.25)
        } else {
            (obedience, initiative) = (0, 1)
        }
    }

    /// The chance that an answer meets a requirement.
    ///
    /// - Parameters:
    ///   - difficulty: of the input, 0 to 1.
    ///   - instructions: the length of the instructions in bytes; a long prompt dilutes each of its sentences a little.
    ///   - traps: those that the instructions hold.
    func chance(
        of requirement: Requirement, isStated: Bool, difficulty: Double, instructions: Int, traps: [Trap]
    ) -> Double {
        traps.reduce(chance(of: requirement, isStated: isStated, difficulty: difficulty, instructions: instructions)) {
            $1.harms.isEmpty || $1.harms.contains(requirement.id) ? $0 * $1.factor : $0
        }
    }

    private func chance(of requirement: Requirement, isStated: Bool, difficulty: Double, instructions: Int) -> Double {
        guard isStated else { return requirement.base * initiative * (1.3 - 0.6 * difficulty) }
        let dilution = min(0.12, 0.01 * Double(max(0, instructions - 600)) / 300)
        return min(0.98, 0.97 + obedience - 0.08 * difficulty - dilution)
    }
}
