import EdisonCore
import EdisonWeb
import HTTPTypes

/// `/design`: every component in both themes, for whoever builds pages. Browser tests run against it.
struct Gallery: Sendable {
    let assets: PageAssets

    private struct Model: Sendable {
        struct Column: Sendable {
            let theme: String
            let name: String
            let icons: String
        }

        let title: String
        let style: String
        let theme: String
        let script: String
        let icon: String
        let columns: [Column]
    }

    var endpoint: Endpoint {
        .get("/design", "Every component of the pages, in both themes.", in: "Pages", .open, .raw(.ok, "text/html")) {
            _ in
            let icons = assets.path("icons.svg")
            return try Page("EdisonPages/Templates/design.mustache").answer(
                Model(
                    title: "Design · Edison", style: assets.path("edison.css"), theme: assets.path("theme.js"),
                    script: assets.path("edison.js"), icon: assets.path("icon.svg"),
                    columns: [
                        .init(theme: "light", name: "Light", icons: icons),
                        .init(theme: "dark", name: "Dark", icons: icons),
                    ]))
        }
    }
}
