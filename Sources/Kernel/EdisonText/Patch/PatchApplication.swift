/// Builds the new text hunk by hunk; any hunk that has no place fails the whole.
struct PatchApplication {
    private let base: [TextLine]
    private let placement: HunkPlacement
    private var cursor = 0
    private var drift = 0
    private(set) var output: [UInt8] = []

    init(base bytes: [UInt8], options: PatchOptions) {
        base = TextLines.split(bytes)
        placement = HunkPlacement(base: base.map(options.ignoring.key), options: options)
    }

    mutating func apply(_ patch: Patch) throws(PatchError) {
        for (index, hunk) in patch.hunks.enumerated() {
            guard let match = placement.find(hunk, from: cursor, drift: drift) else {
                throw PatchError(
                    .doesNotApply, PatchAdvice.text(hunk, number: index + 1, base: base, options: placement.options))
            }
            try copy(to: match.start)
            for line in match.lines {
                switch line.kind {
                case .context: try copy(to: cursor + 1)
                case .delete: cursor += 1
                case .insert: try write(line.content)
                }
            }
            drift = match.start - hunk.oldIndex - (match.lines.startIndex - hunk.lines.startIndex)
            try copy(to: min(base.count, cursor + match.trailing))
        }
        try copy(to: base.count)
    }

    private mutating func copy(to end: Int) throws(PatchError) {
        while cursor < end {
            try write(base[cursor])
            cursor += 1
        }
    }

    private mutating func write(_ line: TextLine) throws(PatchError) {
        if let last = output.last, last != TextLines.lineFeed {
            guard !placement.options.ignoring.ignoresMissingEnding else {
                output.append(TextLines.lineFeed)
                return output += line
            }
            throw PatchError(
                .doesNotApply,
                "The patch puts a line behind one without a line ending, which would join them; make it anew from this text."
            )
        }
        output += line
    }
}

extension Patch {
    /// The text with the patch, or nil when the patch removes it. All hunks apply, or nothing does.
    ///
    /// - Parameter text: nil when there is no such text yet.
    package func apply(to text: String?, options: PatchOptions = PatchOptions()) throws(PatchError) -> String? {
        let bytes: [UInt8]? = if let text { Array(text.utf8) } else { nil }
        let result = try apply(to: bytes, options: options)
        return result.map { String(decoding: $0, as: UTF8.self) }
    }

    /// For texts that may not be valid UTF-8.
    package func apply(to bytes: [UInt8]?, options: PatchOptions = PatchOptions()) throws(PatchError) -> [UInt8]? {
        if oldPath == nil, bytes != nil {
            throw PatchError(.alreadyExists, "The patch creates a text that is there already; patch the existing text.")
        }
        if oldPath != nil, bytes == nil {
            throw PatchError(
                .missingFile, "The patch changes a text that does not exist; choose the text, or create it first.")
        }
        var application = PatchApplication(base: bytes ?? [], options: options)
        try application.apply(self)
        guard newPath == nil else { return application.output }
        if !application.output.isEmpty {
            throw PatchError(
                .doesNotApply, "The patch removes the text, but the text has lines that the patch does not know.")
        }
        return nil
    }
}
