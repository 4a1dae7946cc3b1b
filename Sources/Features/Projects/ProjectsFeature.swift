package import EdisonWeb

/// What the projects feature gives to the server.
package struct ProjectsFeature: Sendable {
    private let projects: ProjectService

    package init(projects: ProjectService) { self.projects = projects }

    package var endpoints: [Endpoint] { ProjectAPI(projects: projects).endpoints }
}
