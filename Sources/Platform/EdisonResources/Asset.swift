import EdisonAssets
import EdisonCore
import Foundation

/// The files that the program carries inside itself, so that one file is the whole of it.
package enum Asset {
    /// The text of an asset by its name, such as `Evaluation/Prompts/judgment.txt`.
    ///
    /// A folder of the same layout, named by `EDISON_ASSETS`, stands above what is carried: for one's own wording of
    /// the instructions to judges and refiners.
    package static func text(_ name: String) throws -> String {
        if let folder = ProcessInfo.processInfo.environment["EDISON_ASSETS"], !folder.isEmpty,
            let own = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        {
            return own
        }
        guard let bytes = bytes(name) else { throw EdisonError(.internal, "The program lacks its file \"\(name)\".") }
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func bytes(_ name: String) -> [UInt8]? {
        for index in 0..<embedded_asset_count() {
            guard let asset = embedded_asset_at(index)?.pointee, String(cString: asset.name) == name else { continue }
            return Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
        }
        return nil
    }

    package static var names: [String] {
        (0..<embedded_asset_count()).compactMap { embedded_asset_at($0).map { String(cString: $0.pointee.name) } }
    }
}
