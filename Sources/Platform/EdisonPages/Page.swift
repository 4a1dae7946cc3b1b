package import EdisonResources
package import EdisonWeb
package import HTTPTypes

/// A page as the server makes it: a template with a model, and headers that let it load what is ours and nothing else.
package struct Page: Sendable {
    private let templates: HTMLTemplates

    /// - Parameter template: the asset of the page itself; it may take in the parts of this module.
    package init(_ template: String) throws {
        templates = try HTMLTemplates(page: template, parts: "EdisonPages/Templates/")
    }

    package func answer(_ model: some Sendable, _ status: HTTPResponse.Status = .ok) throws -> Answer {
        Answer(
            status, .bytes(Array(try templates.text(model).utf8), type: "text/html; charset=utf-8"),
            headers: [.contentSecurityPolicy: Self.policy])
    }

    /// No script and no style but those in files of this server, and no form that leads elsewhere.
    static let policy = """
        default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """
}
