package import EdisonSQL

/// The schema of the whole product: foreign keys cross features, so its steps are numbered together.
package enum Schema {
    package static let migrations: [Migration] = [
        createTenants, createModelCalls, createPrompts, createDatasets, createExperiments, createEvents, createJobs,
        createSafetyScan, addRunOutcome, createProduction, createHoldoutUses,
        createLabels, addCaseConfirmation, createReviewQueue, indexJobOwners, moveHoldsIntoAttempts,
        createHoldoutTests, createAccounts, createRepeatedRequests, createAuditLog, addTenantDetails,
        addLibrary, createExperimentSources,
        createWorkers,
        indexFailedLogins,
        createCredentials, createModelPrices,
        createSearchDecisions,
        addExperimentReference, addStandingFailures, addTestComparisons,
        indexLists,
        addSharedBudgets, addCallPayers, createTenantBudgets, addActiveTime, addExperimentFailure,
        createWebhooks,
    ]

    package static func migrate(_ database: Database) async throws {
        try await Migrator(migrations).migrate(database)
    }

    /// The steps that this program would still do.
    package static func missing(in database: Database) async throws -> [Migration] {
        try await Migrator(migrations).missing(in: database)
    }
}

/// Without a server the person is the owner of these; the first owner of a server on the same database takes them over.
package enum LocalTenant {
    package static let organization = "00000000-0000-7000-8000-000000000001"
    package static let project = "00000000-0000-7000-8000-000000000002"
}
