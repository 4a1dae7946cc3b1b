import EdisonCore
import Mustache

/// The templates of one page, as the program carries them: what stands in double braces is escaped.
package struct HTMLTemplates: Sendable {
    private let library: MustacheLibrary

    /// - Parameters:
    ///   - page: the asset of the page itself.
    ///   - parts: the folder of the templates that it takes in, each known by its name without its ending.
    package init(page: String, parts: String) throws {
        var library = MustacheLibrary()
        func add(_ asset: String, as name: String) throws {
            let source = HTMLEscaping.pragma + (try Asset.text(asset))
            do { try library.register(source, named: name) } catch {
                throw EdisonError(.internal, "The template \"\(asset)\" is broken.", underlying: error)
            }
        }
        try add(page, as: "page")
        for asset in Asset.names where asset.hasPrefix(parts) && asset.hasSuffix(".mustache") {
            try add(asset, as: String(asset.dropFirst(parts.count).dropLast(".mustache".count)))
        }
        self.library = library
    }

    package func text(_ model: some Sendable) throws -> String {
        guard let text = library.render(model, withTemplate: "page") else {
            throw EdisonError(.internal, "The page's template is missing.")
        }
        return text
    }
}
