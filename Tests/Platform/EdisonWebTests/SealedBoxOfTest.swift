import EdisonSecrets

/// A box with a key that no installation has.
enum SealedBoxOfTest {
    static func make() throws -> SecretBox { try SecretBox(keys: [SealingKey(bytes: Array(repeating: 7, count: 32))]) }
}
