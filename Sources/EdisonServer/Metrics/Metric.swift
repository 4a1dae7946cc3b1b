/// One metric with its values, in the text format of Prometheus (version 0.0.4).
struct Metric: Sendable {
    enum Kind: String, Sendable { case gauge, counter }

    struct Sample: Sendable {
        let labels: [(name: String, value: String)]
        let value: Double
    }

    let name: String
    let kind: Kind
    let about: String
    let samples: [Sample]

    init(_ name: String, _ kind: Kind, _ about: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.about = about
        self.samples = samples
    }

    init(_ name: String, _ kind: Kind, _ about: String, _ value: Double) {
        self.init(name, kind, about, [Sample(labels: [], value: value)])
    }

    var text: String {
        let lines = samples.map { sample in
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
            return "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(sample.value))"
        }
        return (["# HELP \(name) \(about)", "# TYPE \(name) \(kind.rawValue)"] + lines).joined(separator: "\n") + "\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
