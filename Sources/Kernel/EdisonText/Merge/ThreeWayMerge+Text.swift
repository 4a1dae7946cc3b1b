extension ThreeWayMerge {
    /// How a text shows its conflicts, by the names that git gives the styles.
    package enum MarkerStyle: String, Sendable, CaseIterable {
        /// Both sides, without what they share.
        case merge
        /// Both sides in full, with the base between them.
        case diff3
        /// As `diff3`, without the head and the tail that the sides share.
        case zdiff3
    }

    package struct Labels: Hashable, Sendable {
        package let ours: String
        package let base: String
        package let theirs: String

        package init(ours: String = "ours", base: String = "base", theirs: String = "theirs") {
            self.ours = ours
            self.base = base
            self.theirs = theirs
        }
    }

    /// The merged text with its conflicts marked; the merged text alone when there are none.
    package func marked(_ style: MarkerStyle = .merge, labels: Labels = Labels()) -> String {
        String(decoding: markedBytes(style, labels: labels), as: UTF8.self)
    }

    package func markedBytes(_ style: MarkerStyle = .merge, labels: Labels = Labels()) -> [UInt8] {
        let shown =
            switch style {
            case .merge: refined
            case .diff3: regions
            case .zdiff3: ConflictRefinement.trimmed(regions)
            }
        var writer = LineWriter()
        for region in shown {
            switch region {
            case .common(let lines), .changed(let lines): writer.write(lines)
            case .conflict(let conflict):
                writer.ending = lineEnding(at: conflict)
                writer.mark("<<<<<<< \(labels.ours)")
                writer.write(conflict.ours.lines)
                if style != .merge {
                    writer.mark("||||||| \(labels.base)")
                    writer.write(conflict.base)
                }
                writer.mark("=======")
                writer.write(conflict.theirs.lines)
                writer.mark(">>>>>>> \(labels.theirs)")
            }
        }
        return writer.output
    }

    package func bytes(resolving resolution: Resolution) -> [UInt8] {
        var writer = LineWriter()
        for region in refined {
            switch region {
            case .common(let lines), .changed(let lines): writer.write(lines)
            case .conflict(let conflict):
                writer.ending = lineEnding(at: conflict)
                if resolution != .theirs { writer.write(conflict.ours.lines) }
                // As git: the end of our side is no end of the text when theirs could follow.
                if resolution == .union { writer.endLine() }
                if resolution != .ours { writer.write(conflict.theirs.lines) }
            }
        }
        return writer.output
    }
}

/// Writes lines one below the other: a last line without its ending gets one when something follows.
private struct LineWriter {
    var ending = "\n"
    private(set) var output: [UInt8] = []

    mutating func write(_ lines: [TextLine]) {
        for line in lines {
            endLine()
            output += line
        }
    }

    mutating func mark(_ text: String) {
        endLine()
        output += Array((text + ending).utf8)
    }

    mutating func endLine() {
        if let last = output.last, last != TextLines.lineFeed { output += Array(ending.utf8) }
    }
}
