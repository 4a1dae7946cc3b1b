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

        let head: PageHead
        let columns: [Column]
    }

    var endpoint: Endpoint {
        .get(
            "/design", "Every component of the pages, in both themes.", in: Endpoint.pages, .open,
            .raw(.ok, "text/html")
        ) {
            _ in
            let head = PageHead(title: "Design · Edison", assets)
            return try Page("EdisonPages/Templates/design.mustache").answer(
                Model(
                    head: head,
                    columns: [
                        .init(theme: "light", name: "Light", icons: head.icons),
                        .init(theme: "dark", name: "Dark", icons: head.icons),
                    ]))
        }
    }
}
