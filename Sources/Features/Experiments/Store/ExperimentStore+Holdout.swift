import EdisonCore
package import EdisonDatasets
package import EdisonPrompts
import EdisonSQL

/// How often held-out cases have decided before: each test that is made on the same cases makes the next one less
/// worth.
extension ExperimentStore {
    /// How many other runs of the project were tested on at least one of these cases.
    package func earlierTests(on cases: [TestCase]) async throws -> Int {
        let hashes = cases.map(\.inputHash)
        return try await database.read { db in
            let uses = try db.fetch(
                """
                SELECT holdout_use.experiment_id, holdout_use.input_hash
                FROM holdout_use JOIN experiment ON experiment.id = holdout_use.experiment_id
                WHERE holdout_use.experiment_id <> \(experiment) AND experiment.project_id =
                    (SELECT project_id FROM experiment WHERE id = \(experiment))
                """)
            let known = Set(hashes.map(\.text))
            return Set(
                try uses.filter { known.contains(try $0.string("input_hash")) }.map { try $0.string("experiment_id") }
            ).count
        }
    }

    /// Notes that this run has tested a version, and gives all that it has tested: each with the number of versions
    /// among which it was chosen when it was tested first.
    package func noteTest(of version: PromptVersion.ID, comparisons: Int) async throws -> [PromptVersion.ID: Int] {
        try await database.write { db in
            try db.execute(
                """
                INSERT INTO holdout_test (experiment_id, version_id, comparisons)
                VALUES (\(experiment), \(version), \(comparisons))
                ON CONFLICT (experiment_id, version_id) DO NOTHING
                """)
            return try tests(in: db)
        }
    }

    /// The versions that this run has tested, as `noteTest` gives them.
    package func testedVersions() async throws -> [PromptVersion.ID: Int] {
        try await database.read { db in try tests(in: db) }
    }

    private func tests(in db: any DatabaseConnection) throws -> [PromptVersion.ID: Int] {
        let rows = try db.fetch(
            "SELECT version_id, comparisons FROM holdout_test WHERE experiment_id = \(experiment)")
        return Dictionary(
            try rows.map { (PromptVersion.ID(try $0.string("version_id")), try $0.int("comparisons")) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Notes, before the first answer, that this run tests on these cases.
    func noteTest(on cases: [TestCase]) async throws {
        try await database.write { db in
            for hash in Set(cases.map(\.inputHash)) {
                try db.execute(
                    """
                    INSERT INTO holdout_use (experiment_id, input_hash) VALUES (\(experiment), \(hash.text))
                    ON CONFLICT (experiment_id, input_hash) DO NOTHING
                    """)
            }
        }
    }
}
