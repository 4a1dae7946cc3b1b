package import EdisonCore
package import EdisonWeb
package import HTTPTypes

/// A page with one form and nothing around it, as people see it before they are inside: sign-in, set-up, an invitation.
package struct EntryPage: Sendable {
    package struct Field: Sendable {
        let name: String
        let label: String
        let type: String
        let autocomplete: String
        let hint: String?
        let isRequired: Bool

        package init(
            _ name: String, _ label: String, type: String = "text", autocomplete: String, hint: String? = nil,
            isRequired: Bool = true
        ) {
            self.name = name
            self.label = label
            self.type = type
            self.autocomplete = autocomplete
            self.hint = hint
            self.isRequired = isRequired
        }
    }

    package struct Link: Sendable {
        let href: String
        let text: String

        package init(_ text: String, to href: String) {
            self.text = text
            self.href = href
        }
    }

    let title: String
    let intro: String
    let action: String
    let button: String
    let fields: [Field]
    let links: [Link]
    /// A second form with a button alone, such as signing out.
    let aside: Link?

    package init(
        _ title: String, intro: String, action: String, button: String, fields: [Field], links: [Link] = [],
        aside: Link? = nil
    ) {
        self.title = title
        self.intro = intro
        self.action = action
        self.button = button
        self.fields = fields
        self.links = links
        self.aside = aside
    }

    /// - Parameters:
    ///   - values: what was typed, or is known; passwords are never written back.
    ///   - error: why it was not taken.
    ///   - done: what has been done.
    package func answer(
        _ assets: PageAssets, values: JSONObject = [:], error: EdisonError? = nil, done: String? = nil
    ) throws -> Answer {
        let status = error.map { Problem($0, requestID: "").status } ?? .ok
        return try Page("EdisonPages/Templates/entry.mustache").answer(
            Model(self, PageHead(title: "\(title) · Edison", assets), values: values, error: error, done: done), status)
    }
}

extension EntryPage {
    /// As the template takes it.
    struct Model: Sendable {
        struct Input: Sendable {
            let id: String
            let name: String
            let label: String
            let type: String
            let autocomplete: String
            let value: String
            let hint: String?
            let fault: String?
            let described: String?
            let isRequired: Bool
            let icons: String
        }

        let head: PageHead
        let icons: String
        let title: String
        let intro: String
        let action: String
        let button: String
        let inputs: [Input]
        let links: [Link]
        let aside: Link?
        let message: String?
        let detail: String?
        let done: String?

        init(_ page: EntryPage, _ head: PageHead, values: JSONObject, error: EdisonError?, done: String?) {
            self.head = head
            icons = head.icons
            title = page.title
            intro = page.intro
            action = page.action
            button = page.button
            links = page.links
            aside = page.aside
            let known = Set(page.fields.map(\.name))
            inputs = page.fields.map { field in
                let fault = error?.issues.first { $0.path == field.name }?.message
                let parts = [field.hint.map { _ in "\(field.name)-hint" }, fault.map { _ in "\(field.name)-fault" }]
                let described = parts.compactMap(\.self).joined(separator: " ")
                return Input(
                    id: field.name, name: field.name, label: field.label, type: field.type,
                    autocomplete: field.autocomplete,
                    value: field.type == "password" ? "" : values[field.name]?.string ?? "", hint: field.hint,
                    fault: fault.map { "\($0.prefix(1).uppercased())\($0.dropFirst())." },
                    described: described.isEmpty ? nil : described, isRequired: field.isRequired, icons: head.icons)
            }
            // A fault of a field stands at the field.
            let isTold = error.map { !$0.issues.isEmpty && $0.issues.allSatisfy { known.contains($0.path) } } ?? true
            message = isTold ? nil : error?.message
            detail = isTold ? nil : error?.detail
            self.done = done
        }
    }
}
