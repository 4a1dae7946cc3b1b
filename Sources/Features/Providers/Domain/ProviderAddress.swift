import EdisonLLM

/// The rules for a provider's address: what is secret, or comes behind the path, has a field of its own.
enum ProviderAddress {
    /// In words that follow the field's name; nil = it may be one.
    static func fault(of text: String) -> String? {
        do throws(WebAddress.Fault) {
            let address = try WebAddress(text)
            if text.contains("@") { return "must not hold a user or a password: give the key as api_key" }
            if address.hasQuery || address.hasFragment { return "must end with its path: give the rest as query" }
            return nil
        } catch { return text.contains("@") ? "\(error.words): give the key as api_key" : error.words }
    }

    static func host(of text: String) -> String? { try? WebAddress(text).host }
}
