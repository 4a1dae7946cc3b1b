import Foundation

/// A path as a person would type it: relative to a folder where it lies in it, else absolute.
struct ShortPath {
    let text: String

    init(_ path: String, from folder: String = FileManager.default.currentDirectoryPath) {
        let whole = URL(fileURLWithPath: path).standardizedFileURL.path
        let parent = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL.path
        let prefix = parent.hasSuffix("/") ? parent : parent + "/"
        text = whole.hasPrefix(prefix) ? String(whole.dropFirst(prefix.count)) : whole
    }
}
