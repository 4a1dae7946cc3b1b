package import EdisonCore

/// A set of test cases that people keep in the library of a project.
package struct LibraryDataset: Hashable, Sendable {
    package typealias ID = EdisonCore.ID<LibraryDataset>

    package let id: ID
    package let project: ProjectID
    package var name: String
    package var kind: DatasetKind
    package var description: String
    package let cases: Int
    package let isArchived: Bool
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    /// Changes with every change of the dataset and of its cases.
    package var tag: String { String(ContentHash(of: "\(id) \(updatedAt.microseconds)").text.prefix(16)) }
}

/// What an import took, and which rows it did not.
package struct CaseImportReport: Hashable, Sendable {
    package struct Rejected: Hashable, Sendable {
        package let row: Int
        package let message: String
    }

    package let created: Int
    package let rejected: [Rejected]
}

extension Permission {
    package static let readDatasets = Permission("datasets:read", from: .viewer)
    package static let writeDatasets = Permission("datasets:write", from: .editor)
}
