package import EdisonJobs
package import EdisonWeb

/// What the experiments feature gives to the server.
package struct ExperimentsFeature: Sendable {
    private let experiments: HostedExperiments

    package init(experiments: HostedExperiments) { self.experiments = experiments }

    package var endpoints: [Endpoint] {
        ExperimentAPI(experiments: experiments).endpoints + ReviewAPI(experiments: experiments).endpoints
    }

    package var jobs: [JobDefinition] { experiments.jobs }
}
