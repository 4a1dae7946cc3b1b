import EdisonCore

/// One step of the schema: a number, a name, and statements that are never changed once released.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    /// Portable SQL; `INTEGER`, `REAL`, `TEXT`, `BLOB` and `STRICT` are translated where the database differs.
    package let statements: [String]

    package init(_ number: Int, _ name: String, _ statements: [String]) {
        self.number = number
        self.name = name
        self.statements = statements
    }

    var checksum: String { ContentHash(of: statements.joined(separator: ";\n")).text }
}
