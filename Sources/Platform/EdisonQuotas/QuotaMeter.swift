package import EdisonCore
package import EdisonSQL

/// Counts what an organization has of something: the feature that keeps it knows how.
package struct QuotaMeter: Sendable {
    package let resource: StoredResource
    package let used: @Sendable (OrganizationID, any DatabaseConnection) throws -> Int

    package init(
        _ resource: StoredResource, _ used: @escaping @Sendable (OrganizationID, any DatabaseConnection) throws -> Int
    ) {
        self.resource = resource
        self.used = used
    }
}
