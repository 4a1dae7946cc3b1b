import EdisonCore
import EdisonResources

/// The design system's style sheets as one file. Layers, not the order of files, decide what stands above what.
enum StyleSheet {
    static func text() throws -> String {
        let folder = "EdisonPages/Assets/"
        let components = try Asset.names.filter { $0.hasPrefix(folder + "components/") }.sorted().map(Asset.text)
        // From where it is served, pictures are its neighbours.
        let parts = components.map { $0.replacing("../chevron.svg", with: "chevron.svg") }
        return """
            @layer reset, tokens, base, layout, components, utilities;
            @layer tokens {
            \(try Asset.text(folder + "tokens.css"))}
            \(try Asset.text(folder + "base.css"))
            @layer components {
            \(parts.joined())}

            """
    }
}
