import EdisonCore
import HTTPTypes

/// A call of an endpoint that can be pasted into a terminal, with the variables that the reference names on top.
enum CurlExample {
    /// Every shell has a `$USER` of its own.
    static func variable(_ parameter: String) -> String {
        parameter == "user" ? "USER_ID" : parameter.uppercased()
    }

    static func of(_ endpoint: Endpoint) -> String {
        let path = endpoint.path.segments.map { segment in
            switch segment {
            case .literal(let text): "/\(text)"
            case .parameter(let name): "/$\(Self.variable(name))"
            }
        }.joined()
        var lines = ["curl\(endpoint.method == .get ? "" : " -X \(endpoint.method.rawValue)") \"$EDISON_URL\(path)\""]
        switch endpoint.access {
        case .open: break
        // What no key may do: with the access token of a person.
        case .person, .installation: lines.append("-H \"Authorization: Bearer $EDISON_TOKEN\"")
        case .signedIn, .organization, .project, .entity:
            lines.append("-H \"Authorization: Bearer $EDISON_KEY\"")
        }
        switch endpoint.input {
        case .none: break
        case .json(let schema):
            let body = ExampleValue.of(schema).text().replacing("'", with: "'\\''")
                .replacing(/"(\$[A-Z_]+)"/) { "\"'\($0.output.1)'\"" }
            lines += ["-H 'Content-Type: application/json'", "-d '\(body)'"]
        case .raw(let types, _):
            lines += ["-H 'Content-Type: \(types.first ?? "*/*")'", "--data-binary @file"]
        }
        return lines.joined(separator: " \\\n  ")
    }
}
