import EdisonCore
package import EdisonLLM
package import Foundation

/// What an experiment file takes from around it: variables, and files relative to its own folder.
package struct FileEnvironment: Sendable {
    package let folder: URL
    package let variables: [String: String]
    /// The providers that may be used, by the names that models call them by; nil = those of the file itself.
    let endpoints: [String: Endpoint]?
    /// Whether a server makes the calls, with its own keys and addresses: those of the file are not looked at.
    var callsElsewhere = false
    /// Everything that was read through it.
    let read = ReadFiles()

    /// The process's environment; a `.env` beside the file fills in what it lacks and is never logged.
    package init(folder: URL, variables: [String: String]) {
        self.folder = folder
        let own = (try? String(contentsOf: folder.appendingPathComponent(".env"), encoding: .utf8)) ?? ""
        self.variables = Self.parse(own).merging(variables) { _, given in given }
        endpoints = nil
    }

    /// Of a server: no file and no variable of its machine can be read, and only the given providers can be called.
    package init(endpoints: [String: Endpoint]) {
        folder = URL(fileURLWithPath: "/")
        variables = [:]
        self.endpoints = endpoints
    }

    /// Lines `NAME=value`; `export`, quotes around the value and `#` comments are allowed.
    static func parse(_ text: String) -> [String: String] {
        var variables: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            var line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("#") { continue }
            if line.hasPrefix("export ") { line = String(line.dropFirst(7)) }
            guard let equals = line.firstIndex(of: "=") else { continue }
            let name = line[..<equals].trimmingCharacters(in: .whitespaces)
            var value = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
            if let quote = value.first, quote == "\"" || quote == "'" {
                let inner = value.dropFirst()
                value = String(inner[..<(inner.firstIndex(of: quote) ?? inner.endIndex)])
            } else if let comment = value.firstRange(of: " #") {
                value = value[..<comment.lowerBound].trimmingCharacters(in: .whitespaces)
            }
            variables[name] = value
        }
        return variables
    }

    /// Replaces `${NAME}`; names that are not set are returned as missing.
    package func expand(_ text: String) -> (text: String, missing: [String]) {
        var result = ""
        var missing: [String] = []
        var rest = text[...]
        while let start = rest.range(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                rest = rest[start.lowerBound...]
                break
            }
            let name = String(rest[start.upperBound..<end])
            if let value = variables[name] { result += value } else { missing.append(name) }
            rest = rest[rest.index(after: end)...]
        }
        return (result + rest, missing)
    }

    package func url(of path: String) -> URL {
        path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
    }

    /// The text of a file, strictly UTF-8.
    package func text(of path: String) throws -> String {
        guard endpoints == nil else {
            throw EdisonError(.invalid, "A file cannot be read here.", detail: "Write its text in its place.")
        }
        let url = url(of: path)
        guard let data = try? Data(contentsOf: url) else {
            throw EdisonError(.notFound, "Cannot read \"\(path)\".", detail: "Looked for it at \(url.path).")
        }
        read.add(url.path)
        return try Self.text(data, of: path)
    }

    /// What a file with these bytes says.
    static func text(_ bytes: some Collection<UInt8>, of path: String) throws(EdisonError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw EdisonError(
                .invalid, "\"\(path)\" is not UTF-8 text.",
                detail: "Save it as UTF-8, for example: iconv -f latin1 -t utf-8 \(path) > new-file")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }
}
