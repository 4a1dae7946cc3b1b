package import EdisonCore
package import EdisonEvents
package import EdisonQuotas
package import EdisonSQL

/// Keeps datasets and their cases.
package struct DatasetService: Sendable {
    /// Of one dataset: a run reads all of them at once.
    package static let mostCases = 50_000

    let database: Database
    let quotas: Quotas
    let audit = AuditTrail()
    let library = DatasetLibraryStore()
    let store = DatasetStore()

    package init(database: Database, quotas: Quotas = .unlimited) {
        self.database = database
        self.quotas = quotas
    }

    package func create(
        name: String, kind: DatasetKind, description: String, cases: [TestCase], in project: ProjectID, by actor: Actor
    ) async throws -> LibraryDataset {
        let now = Timestamp.now
        let dataset = LibraryDataset(
            id: IDSource.random.next(), project: project, name: name, kind: kind, description: description,
            cases: cases.count, isArchived: false, createdAt: now, updatedAt: now)
        try await database.write { db in
            try requireRoom(for: cases, in: project, db)
            try library.insert(dataset, in: db)
            try store.insert(cases, dataset: dataset.id.text, in: db)
            try audit.record(
                "dataset.created", of: ("dataset", dataset.id.text), by: actor,
                changes: ["name": .string(dataset.name), "cases": .integer(Int64(cases.count))], db)
        }
        return dataset
    }

    /// What is there may always become smaller, also where a plan has no room for all of it.
    private func requireRoom(
        for cases: [TestCase], instead old: [TestCase] = [], in project: ProjectID?, _ db: any DatabaseConnection
    ) throws {
        let more = cases.map(\.storedBytes).reduce(0, +) - old.map(\.storedBytes).reduce(0, +)
        guard more > 0, let project, let organization = try library.organization(of: project, in: db) else { return }
        try quotas.require(more, of: .datasets, for: organization, in: db)
    }

    private static var missing: EdisonError { EdisonError(.notFound, "There is no such dataset.") }

    func datasets(of project: ProjectID, archived: Bool, _ page: PageRequest) async throws -> Listing<LibraryDataset> {
        let found = try await database.read { db in
            try library.datasets(of: project, archived: archived, page, in: db)
        }
        return Listing(found, page) { Cursor($0.id.text) }
    }

    package func dataset(_ id: LibraryDataset.ID) async throws -> LibraryDataset {
        guard let dataset = try await database.read({ db in try library.dataset(id, in: db) }) else {
            throw Self.missing
        }
        return dataset
    }

    /// All cases of a dataset that belongs to a project, for an experiment there.
    package func cases(
        of id: LibraryDataset.ID, in project: ProjectID
    ) async throws -> (dataset: LibraryDataset, cases: [TestCase])? {
        try await database.read { db in
            guard let dataset = try library.dataset(id, in: db), dataset.project == project else { return nil }
            return (dataset, try store.cases(of: id.text, in: db))
        }
    }

    func cases(of id: LibraryDataset.ID, _ page: PageRequest) async throws -> Listing<TestCase> {
        let found = try await database.read { db in try library.cases(of: id, page, in: db) }
        return Listing(found, page) { Cursor("\($0.position)") }.map(\.testCase)
    }

    /// Takes what can be read; the rest is reported row by row.
    func add(
        _ imported: CaseImport.Imported, to id: LibraryDataset.ID, by actor: Actor
    ) async throws -> CaseImportReport {
        try await changing(id, "dataset.cases_added", by: actor, ["created": JSONValue(imported.cases.count)]) {
            dataset, db in
            guard dataset.cases + imported.cases.count <= Self.mostCases else {
                throw EdisonError(
                    .tooLarge, "A dataset holds at most \(Self.mostCases) cases, and this one has \(dataset.cases).")
            }
            try requireRoom(for: imported.cases, in: dataset.project, db)
            let position = try library.lastPosition(of: id, in: db)
            try store.insert(imported.cases, dataset: id.text, after: position, in: db)
        }
        return CaseImportReport(
            created: imported.cases.count,
            rejected: imported.rejected.map { CaseImportReport.Rejected(row: $0.row, message: $0.message) })
    }

    func update(
        _ id: LibraryDataset.ID, seen: ChangeCondition<LibraryDataset>, by actor: Actor,
        _ change: @escaping @Sendable (inout LibraryDataset) -> Void
    ) async throws -> LibraryDataset {
        try await changing(id, "dataset.changed", by: actor, seen: seen) { dataset, db in
            var dataset = dataset
            change(&dataset)
            try library.update(dataset, in: db)
        }
        return try await dataset(id)
    }

    /// Hides it: experiments that took its cases have copies of their own.
    func archive(_ id: LibraryDataset.ID, by actor: Actor) async throws {
        try await changing(id, "dataset.archived", by: actor) { _, db in try library.archive(id, in: db) }
    }

    func replace(_ id: TestCase.ID, with testCase: TestCase, by actor: Actor) async throws -> TestCase {
        let dataset = try await owner(of: id)
        try await changing(dataset, "dataset.case_changed", by: actor, ["case_id": .string(id.text)]) { _, db in
            guard let old = try library.testCase(id, in: db) else { throw Self.missingCase }
            var testCase = testCase
            testCase.id = id
            try requireRoom(for: [testCase], instead: [old.testCase], in: library.project(of: dataset, in: db), db)
            try library.delete(case: id, in: db)
            try store.insert([testCase], dataset: dataset.text, after: old.position, in: db)
        }
        return testCase
    }

    func remove(_ id: TestCase.ID, by actor: Actor) async throws {
        let dataset = try await owner(of: id)
        try await changing(dataset, "dataset.case_removed", by: actor, ["case_id": .string(id.text)]) { _, db in
            try library.delete(case: id, in: db)
        }
    }

    private func owner(of id: TestCase.ID) async throws -> LibraryDataset.ID {
        guard let dataset = try await database.read({ db in try library.dataset(ofCase: id, in: db) }) else {
            throw Self.missingCase
        }
        return dataset
    }

    private static var missingCase: EdisonError { EdisonError(.notFound, "There is no such case.") }

    private func changing(
        _ id: LibraryDataset.ID, _ action: String, by actor: Actor, _ changes: JSONValue = .null,
        seen: ChangeCondition<LibraryDataset> = .none,
        _ change: @escaping @Sendable (LibraryDataset, any DatabaseConnection) throws -> Void
    ) async throws {
        try await database.write { db in
            guard let dataset = try library.dataset(id, locked: true, in: db) else { throw Self.missing }
            try seen.require(dataset)
            try change(dataset, db)
            try library.touch(dataset, in: db)
            try audit.record(action, of: ("dataset", id.text), by: actor, changes: changes, db)
        }
    }
}
