package import EdisonWeb

/// What the datasets feature gives to the server.
package struct DatasetsFeature: Sendable {
    private let datasets: DatasetService

    package init(datasets: DatasetService) { self.datasets = datasets }

    package var endpoints: [Endpoint] { DatasetAPI(datasets: datasets).endpoints }
}
