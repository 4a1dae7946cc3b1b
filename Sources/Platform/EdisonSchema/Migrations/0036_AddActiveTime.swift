import EdisonSQL

extension Schema {
    /// How long a run has been worked on, in microseconds, told while it goes on: a sitting that was killed counts too.
    static let addActiveTime = Migration(
        36, "AddActiveTime",
        ["ALTER TABLE experiment ADD COLUMN active_us INTEGER NOT NULL DEFAULT 0"])
}
