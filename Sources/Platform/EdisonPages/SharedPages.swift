package import EdisonWeb

/// What all pages share: their assets, and the gallery of their components.
package struct SharedPages: Sendable {
    package let assets: PageAssets

    package init() throws { assets = try PageAssets() }

    /// What went wrong, and what to do, for people; the same that programs are told.
    package var errorPage: @Sendable (Problem) throws -> Answer {
        { [assets] problem in
            try Page("EdisonPages/Templates/error.mustache").answer(
                ErrorModel(problem, PageHead(title: ErrorModel.title(problem), assets)), problem.status)
        }
    }

    package var endpoints: [Endpoint] { [assets.endpoint, Gallery(assets: assets).endpoint] }
}
