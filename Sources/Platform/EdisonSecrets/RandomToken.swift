package import EdisonCore
import Foundation

/// A secret that is given out once and stored only as a digest: 256 random bits, so that no digest can be guessed.
package struct RandomToken: Sendable {
    package let text: String

    /// - Parameter prefix: tells people and scanners of leaked secrets what it is, such as `edk_`.
    package init(prefix: String = "") {
        text =
            prefix
            + Data(Self.bytes(32)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    package var digest: String { Self.digest(text) }

    /// What is stored and looked up.
    package static func digest(_ text: String) -> String {
        ContentHash(of: "edison token \(text)").text
    }

    package static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
