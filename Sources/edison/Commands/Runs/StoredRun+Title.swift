import EdisonCore
import EdisonExperiments

extension StoredRun {
    /// How messages name it.
    var title: String { "the run \(experiment.id.text.prefix(13)) (\(experiment.name))" }
}
