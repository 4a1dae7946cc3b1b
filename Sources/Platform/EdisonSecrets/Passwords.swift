import Crypto
import CryptoExtras
package import EdisonCore
import Foundation
import NIOPosix
import Synchronization

/// Hashes passwords by scrypt with the parameters beside the hash, so that they can be raised later. Each takes 32 MiB
/// and a tenth of a second, so only a few run at once, and a queue that is too long is refused: a flood of log-ins takes
/// no more than that from others.
package final class Passwords: Sendable {
    /// OWASP's recommendation for scrypt: N = 2^15, r = 8, p = 1.
    private static let rounds = 1 << 15

    private let pool: NIOThreadPool
    private let waiting = Mutex(0)
    private let queue: Int

    package init(width: Int = 2, queue: Int = 64) {
        pool = NIOThreadPool(numberOfThreads: width)
        pool.start()
        self.queue = queue
    }

    package func end() { pool.shutdownGracefully { _ in } }

    package func hash(_ password: String) async throws -> String {
        try await run {
            let salt = RandomToken.bytes(16)
            let key = try Self.derive(password, salt: salt, rounds: Self.rounds, blockSize: 8, parallelism: 1)
            return
                "$scrypt$n=\(Self.rounds),r=8,p=1$\(Data(salt).base64EncodedString())$\(Data(key).base64EncodedString())"
        }
    }

    /// - Parameter hash: nil = there is no such account; it takes as long as if there were.
    package func matches(_ password: String, _ hash: String?) async throws -> Bool {
        guard let stored = hash.flatMap(StoredHash.init) else {
            _ = try await self.hash(password)
            return false
        }
        return try await run {
            let key = try Self.derive(
                password, salt: stored.salt, rounds: stored.rounds, blockSize: stored.blockSize,
                parallelism: stored.parallelism)
            return Self.isEqual(key, stored.key)
        }
    }

    /// Whether a hash was made with weaker parameters than today's, and is made anew at the next log-in.
    package static func isWeak(_ hash: String) -> Bool { (StoredHash(hash)?.rounds ?? 0) < rounds }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let isFull = waiting.withLock { waiting in
            if waiting >= queue { return true }
            waiting += 1
            return false
        }
        if isFull {
            throw EdisonError(
                .unavailable, "Too many people log in at this moment.", detail: "Try again in a few seconds.")
        }
        defer { waiting.withLock { $0 -= 1 } }
        return try await pool.runIfActive(work)
    }

    private static func derive(
        _ password: String, salt: [UInt8], rounds: Int, blockSize: Int, parallelism: Int
    ) throws -> [UInt8] {
        // The same letters may be typed in several forms of Unicode.
        let bytes = Data(password.precomposedStringWithCanonicalMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: 32, rounds: rounds, blockSize: blockSize,
            parallelism: parallelism, maxMemory: 256 << 20)
        return key.withUnsafeBytes { Array($0) }
    }

    /// Takes the same time whatever the difference is.
    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// `$scrypt$n=…,r=…,p=…$salt$key`
private struct StoredHash {
    let rounds: Int
    let blockSize: Int
    let parallelism: Int
    let salt: [UInt8]
    let key: [UInt8]

    init?(_ text: String) {
        let parts = text.split(separator: "$").map(String.init)
        guard parts.count == 4, parts[0] == "scrypt", let salt = Data(base64Encoded: parts[2]),
            let key = Data(base64Encoded: parts[3])
        else { return nil }
        var numbers: [Substring: Int] = [:]
        for pair in parts[1].split(separator: ",") {
            let sides = pair.split(separator: "=")
            if sides.count == 2 { numbers[sides[0]] = Int(sides[1]) }
        }
        guard let rounds = numbers["n"], let blockSize = numbers["r"], let parallelism = numbers["p"] else {
            return nil
        }
        (self.rounds, self.blockSize, self.parallelism) = (rounds, blockSize, parallelism)
        (self.salt, self.key) = (Array(salt), Array(key))
    }
}
