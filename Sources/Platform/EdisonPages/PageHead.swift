/// What stands in the head of every page: its title and what it loads.
package struct PageHead: Sendable {
    let title: String
    let style: String
    let theme: String
    let script: String
    let icon: String
    let icons: String

    /// - Parameter title: the object first, then where it is.
    package init(title: String, _ assets: PageAssets) {
        self.title = title
        style = assets.path("edison.css")
        theme = assets.path("theme.js")
        script = assets.path("edison.js")
        icon = assets.path("icon.svg")
        icons = assets.path("icons.svg")
    }
}
