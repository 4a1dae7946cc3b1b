/// How a judge of the apprentice family errs, by its model name.
struct JudgeCharacter: Sendable {
    /// Standard deviation of its noise, as a share of the scale.
    let noise: Double
    /// Added to each score, as a share of the scale.
    let leniency: Double
    /// How much of the score is the answer's quality; the rest is its length.
    let attention: Double
    /// Added in favour of the answer that is shown first, in comparisons.
    let positionBias: Double
    /// It scores the better the worse an answer is.
    let isContrary: Bool

    init(model: String) {
        let words = Words.split(model)
        isContrary = words.contains("contrary")
        let noise: Double
        if words.contains("bad") {
            (noise, leniency, attention, positionBias) = (0.25, 0, 0.2, 0.15)
        } else if words.contains("b") {
            (noise, leniency, attention, positionBias) = (0.09, 0.04, 1, 0.1)
        } else if words.contains("c") {
            (noise, leniency, attention, positionBias) = (0.08, -0.04, 1, 0)
        } else if words.contains("a") {
            (noise, leniency, attention, positionBias) = (0.06, 0, 1, 0)
        } else {
            let lean = Draw(0, "leniency").uniform(model) * 0.06 - 0.03
            (noise, leniency, attention, positionBias) = (0.08, lean, 1, 0.02)
        }
        self.noise = words.contains("noisy") ? 2.5 * noise : noise
    }

    /// The quality that the judge believes to see, 0 to 1.
    func perceived(_ quality: Double, length: Int, draw: Draw, use: String) -> Double {
        let byLength = min(1, Double(length) / 900)
        let quality = isContrary ? 1 - quality : quality
        let seen = attention * quality + (1 - attention) * byLength + leniency + noise * draw.normal(use)
        return min(1, max(0, seen))
    }
}
