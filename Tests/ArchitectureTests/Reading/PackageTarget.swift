import Foundation

/// A target as the package description declares it.
struct PackageTarget: Sendable, Decodable {
    let name: String
    let path: String
    let type: String
    let targets: [String]
    /// What others wrote; a product is named like its module in every package that Edison uses.
    let products: [String]

    var dependencies: [String] { targets + products }

    init(_ name: String, path: String, targets: [String] = [], products: [String] = []) {
        (self.name, self.path, type, self.targets, self.products) = (name, path, "library", targets, products)
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        name = try fields.decode(String.self, forKey: .name)
        path = try fields.decode(String.self, forKey: .path)
        type = try fields.decode(String.self, forKey: .type)
        targets = try fields.decodeIfPresent([String].self, forKey: .targets) ?? []
        products = try fields.decodeIfPresent([String].self, forKey: .products) ?? []
    }

    private enum Field: String, CodingKey {
        case name, path, type
        case targets = "target_dependencies"
        case products = "product_dependencies"
    }

    /// Asks SwiftPM. Without `--ignore-lock` it would wait for ever on the `swift test` that runs this.
    static func all(in root: URL) async throws -> [PackageTarget] {
        struct Description: Decodable { let targets: [PackageTarget] }
        let command = ["swift", "package", "--ignore-lock", "describe", "--type", "json"]
        let answer = try await ChildProcess.run(command, in: root, seconds: 300)
        guard answer.status == 0 else {
            throw ChildProcess.Failure(description: "\(command.joined(separator: " ")): \(answer.complaint)")
        }
        return try JSONDecoder().decode(Description.self, from: Data(answer.output.utf8)).targets
    }
}
