/// The plan of an organization. What it may use follows from it: see `Quota`.
package enum OrganizationTier: String, Sendable, CaseIterable { case free, pro, enterprise }
