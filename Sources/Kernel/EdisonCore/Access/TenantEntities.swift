/// What the rows of every feature belong to, named here so that no feature imports another for an id.
package enum TenantEntities {
    package enum User {}
    package enum Organization {}
    package enum Project {}
    package enum APIKey {}
}

package typealias UserID = ID<TenantEntities.User>
package typealias OrganizationID = ID<TenantEntities.Organization>
package typealias ProjectID = ID<TenantEntities.Project>
package typealias APIKeyID = ID<TenantEntities.APIKey>
