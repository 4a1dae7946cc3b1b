package import EdisonWeb

/// What all pages share: their assets, and the gallery of their components.
package struct SharedPages: Sendable {
    package let assets: PageAssets

    package init() throws { assets = try PageAssets() }

    package var endpoints: [Endpoint] { [assets.endpoint, Gallery(assets: assets).endpoint] }
}
