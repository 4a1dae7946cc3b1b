import EdisonCore
package import EdisonSQL

/// Every SQL statement of datasets and their cases.
package struct DatasetStore: Sendable {
    package init() {}

    package func insert(
        dataset id: String, name: String, project: String, in db: any DatabaseConnection
    ) throws {
        try db.execute(
            """
            INSERT INTO dataset (id, project_id, name, created_at) VALUES (\(id), \(project), \(name), \(Timestamp.now))
            """)
    }

    /// - Parameter count: how many cases the dataset has already.
    package func insert(
        _ cases: [TestCase], dataset: String, after count: Int = 0, in db: any DatabaseConnection
    ) throws {
        for (position, testCase) in zip(count..., cases) {
            try db.execute(
                """
                INSERT INTO test_case
                    (id, dataset_id, position, kind, input, expected, tags, difficulty, language, cluster, checks,
                     confirmed, occurrence, content_hash)
                VALUES
                    (\(testCase.id), \(dataset), \(position), \(testCase.kind.rawValue),
                     \(JSONValue.object(testCase.input)), \(testCase.expected?.text()),
                     \(JSONValue.array(testCase.tags.map { .string($0) })), \(testCase.difficulty),
                     \(testCase.language), \(testCase.cluster), \(JSONValue.array(testCase.checks)),
                     \(testCase.isConfirmed), \(testCase.occurrence), \(ContentHash(of: testCase.content).text))
                """)
        }
    }

    /// Removes a dataset with all its cases.
    package func delete(dataset: String, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM test_case WHERE dataset_id = \(dataset)")
        try db.execute("DELETE FROM dataset WHERE id = \(dataset)")
    }

    package func cases(of dataset: String, in db: any DatabaseConnection) throws -> [TestCase] {
        try db.fetch(
            """
            SELECT id, kind, input, expected, tags, difficulty, language, cluster, checks, confirmed,
                   occurrence
            FROM test_case WHERE dataset_id = \(dataset) ORDER BY position
            """
        ).map(TestCase.init(row:))
    }
}

extension TestCase {
    init(row: Row) throws {
        let expected = try row.optionalString("expected").map { text in
            do { return try JSONValue(parsing: text) } catch {
                throw EdisonError(.internal, "A stored case is damaged.", underlying: error)
            }
        }
        self.init(
            id: try row.id("id"), input: try row.json("input").object ?? [:], expected: expected,
            tags: (try row.json("tags").array ?? []).compactMap(\.string), difficulty: try row.int("difficulty"),
            language: try row.optionalString("language"), cluster: try row.optionalString("cluster"),
            checks: try row.json("checks").array ?? [],
            kind: DatasetKind(rawValue: try row.string("kind")) ?? .golden, isConfirmed: try row.bool("confirmed"),
            occurrence: try row.int("occurrence"))
    }
}
