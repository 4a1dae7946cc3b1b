import EdisonCore
import EdisonDatasets

/// Which places of a race all judges judge, whoever decides the race: a random share, so that what one cheap judge says
/// of candidates is held against the ensemble on the run's own outputs.
package enum AuditSample {
    /// Drawn from seed, iteration and content: never from a score, and the same whatever arrives first.
    package static func contains(_ place: RacePlace, seed: UInt64, iteration: Int, share: Double) -> Bool {
        let draw = DerivedSeed(seed, "audit", String(iteration), place.testCase.key, String(place.replicate)).value
        return Double(draw >> 11) * 0x1p-53 < share
    }
}
