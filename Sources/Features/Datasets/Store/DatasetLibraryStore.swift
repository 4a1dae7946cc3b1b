import EdisonCore
import EdisonSQL

/// Every SQL statement of the datasets that people keep.
struct DatasetLibraryStore: Sendable {
    func insert(_ dataset: LibraryDataset, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            INSERT INTO dataset (id, project_id, name, origin, kind, description, created_at, updated_at)
            VALUES (\(dataset.id), \(dataset.project), \(dataset.name), 'library', \(dataset.kind.rawValue),
                    \(dataset.description), \(dataset.createdAt), \(dataset.updatedAt))
            """)
    }

    func datasets(
        of project: ProjectID, archived: Bool, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [LibraryDataset] {
        let after: SQL = page.after.map { "AND d.id < \($0.text)" } ?? ""
        let kept: SQL = archived ? "" : "AND d.archived_at IS NULL"
        return try db.fetch(
            """
            SELECT d.*, (SELECT COUNT(*) FROM test_case c WHERE c.dataset_id = d.id) AS cases FROM dataset d
            WHERE d.project_id = \(project) AND d.origin = 'library' \(kept) \(after)
            ORDER BY d.id DESC LIMIT \(page.limit + 1)
            """
        ).map(LibraryDataset.init)
    }

    /// Only what people keep: the cases that a run has for itself are the run's.
    func dataset(_ id: LibraryDataset.ID, locked: Bool = false, in db: any DatabaseConnection) throws -> LibraryDataset?
    {
        let lock: SQL = locked ? "\(db.dialect.lockRows)" : ""
        if locked { _ = try db.fetchOne("SELECT id FROM dataset WHERE id = \(id)\(lock)") }
        return try db.fetchOne(
            """
            SELECT d.*, (SELECT COUNT(*) FROM test_case c WHERE c.dataset_id = d.id) AS cases FROM dataset d
            WHERE d.id = \(id) AND d.origin = 'library'
            """
        ).map(LibraryDataset.init)
    }

    func project(of id: LibraryDataset.ID, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne("SELECT project_id FROM dataset WHERE id = \(id) AND origin = 'library'")?.id("project_id")
    }

    func organization(of project: ProjectID, in db: any DatabaseConnection) throws -> OrganizationID? {
        try db.fetchOne("SELECT organization_id FROM project WHERE id = \(project)")?.id("organization_id")
    }

    /// As `TestCase.storedBytes` counts them, of all datasets that an organization keeps, archived ones too.
    func bytes(of organization: OrganizationID, in db: any DatabaseConnection) throws -> Int {
        try db.fetchOne(
            """
            SELECT COALESCE(SUM(\(db.dialect.bytes(of: "c.input"))
                + COALESCE(\(db.dialect.bytes(of: "c.expected")), 0) + \(db.dialect.bytes(of: "c.checks"))), 0) AS bytes
            FROM test_case c JOIN dataset d ON d.id = c.dataset_id JOIN project p ON p.id = d.project_id
            WHERE p.organization_id = \(organization) AND d.origin = 'library'
            """)?.int("bytes") ?? 0
    }

    func project(ofCase id: TestCase.ID, in db: any DatabaseConnection) throws -> ProjectID? {
        try db.fetchOne(
            """
            SELECT d.project_id FROM test_case c JOIN dataset d ON d.id = c.dataset_id
            WHERE c.id = \(id) AND d.origin = 'library'
            """)?.id("project_id")
    }

    func dataset(ofCase id: TestCase.ID, in db: any DatabaseConnection) throws -> LibraryDataset.ID? {
        try db.fetchOne("SELECT dataset_id FROM test_case WHERE id = \(id)")?.id("dataset_id")
    }

    func update(_ dataset: LibraryDataset, in db: any DatabaseConnection) throws {
        try db.execute(
            """
            UPDATE dataset SET name = \(dataset.name), kind = \(dataset.kind.rawValue),
                description = \(dataset.description)
            WHERE id = \(dataset.id)
            """)
    }

    func archive(_ dataset: LibraryDataset.ID, in db: any DatabaseConnection) throws {
        try db.execute("UPDATE dataset SET archived_at = \(Timestamp.now) WHERE id = \(dataset)")
    }

    /// Never the same moment twice, however quickly changes follow each other.
    func touch(_ dataset: LibraryDataset, in db: any DatabaseConnection) throws {
        let moment = max(Timestamp.now, Timestamp(microseconds: dataset.updatedAt.microseconds + 1))
        try db.execute("UPDATE dataset SET updated_at = \(moment) WHERE id = \(dataset.id)")
    }

    func lastPosition(of dataset: LibraryDataset.ID, in db: any DatabaseConnection) throws -> Int {
        try db.fetchOne("SELECT COALESCE(MAX(position) + 1, 0) AS n FROM test_case WHERE dataset_id = \(dataset)")?
            .int("n") ?? 0
    }

    /// In the order in which they were added.
    func cases(
        of dataset: LibraryDataset.ID, _ page: PageRequest, in db: any DatabaseConnection
    ) throws -> [(position: Int, testCase: TestCase)] {
        let after: SQL = page.after.flatMap { Int($0.text) }.map { "AND position > \($0)" } ?? ""
        return try db.fetch(
            """
            SELECT * FROM test_case WHERE dataset_id = \(dataset) \(after) ORDER BY position LIMIT \(page.limit + 1)
            """
        ).map { (try $0.int("position"), try TestCase(row: $0)) }
    }

    func testCase(_ id: TestCase.ID, in db: any DatabaseConnection) throws -> (position: Int, testCase: TestCase)? {
        try db.fetchOne("SELECT * FROM test_case WHERE id = \(id)")
            .map { (try $0.int("position"), try TestCase(row: $0)) }
    }

    func delete(case id: TestCase.ID, in db: any DatabaseConnection) throws {
        try db.execute("DELETE FROM test_case WHERE id = \(id)")
    }
}

extension LibraryDataset {
    init(row: Row) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), name: try row.string("name"),
            kind: DatasetKind(rawValue: try row.string("kind")) ?? .golden, description: try row.string("description"),
            cases: try row.int("cases"), isArchived: try row.optionalInt64("archived_at") != nil,
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"))
    }
}
