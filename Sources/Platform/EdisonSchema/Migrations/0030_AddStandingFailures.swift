import EdisonSQL

extension Schema {
    /// A call that brought no answer, after which the run went on without it: what was decided then must not change
    /// because the call would succeed now.
    static let addStandingFailures = Migration(
        30, "AddStandingFailures", ["ALTER TABLE model_call ADD COLUMN stands INTEGER NOT NULL DEFAULT 0"])
}
