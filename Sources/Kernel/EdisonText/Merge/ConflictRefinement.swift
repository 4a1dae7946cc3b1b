/// Makes conflicts as small as they can be read: what both sides agree on within one is no part of it, and conflicts
/// that only a few lines keep apart are one.
enum ConflictRefinement {
    static func refined(_ regions: [MergeRegion]) -> [MergeRegion] {
        var result: [MergeRegion] = []
        for region in regions {
            for part in split(region) { append(part, to: &result) }
        }
        return joined(result)
    }

    /// The head and the tail that both sides share are taken out; the base stays whole.
    static func trimmed(_ regions: [MergeRegion]) -> [MergeRegion] {
        var result: [MergeRegion] = []
        for region in regions {
            guard case .conflict(let conflict) = region else {
                append(region, to: &result)
                continue
            }
            let (ours, theirs) = (conflict.ours.lines, conflict.theirs.lines)
            let head = zip(ours, theirs).prefix { $0 == $1 }.count
            let tail = zip(ours.dropFirst(head).reversed(), theirs.dropFirst(head).reversed()).prefix { $0 == $1 }.count
            append(.common(Array(ours.prefix(head))), to: &result)
            append(
                .conflict(
                    MergeConflict(
                        base: conflict.base, ours: conflict.ours.part(head..<(ours.count - tail)),
                        theirs: conflict.theirs.part(head..<(theirs.count - tail)))), to: &result)
            append(.common(Array(ours.suffix(tail))), to: &result)
        }
        return result
    }

    /// Against nothing every line differs: a conflict with one empty side stays as it is.
    private static func split(_ region: MergeRegion) -> [MergeRegion] {
        guard case .conflict(let conflict) = region, !conflict.ours.lines.isEmpty, !conflict.theirs.lines.isEmpty
        else { return [region] }
        let ours = conflict.ours.lines
        var parts: [MergeRegion] = []
        var place = 0
        for change in EditScript(ours, conflict.theirs.lines).changes {
            parts.append(.common(Array(ours[place..<change.old.lowerBound])))
            parts.append(
                .conflict(MergeConflict(ours: conflict.ours.part(change.old), theirs: conflict.theirs.part(change.new)))
            )
            place = change.old.upperBound
        }
        return parts + [.common(Array(ours[place...]))]
    }

    private static func append(_ region: MergeRegion, to regions: inout [MergeRegion]) {
        guard case .common(let lines) = region else { return regions.append(region) }
        if case .common(let before)? = regions.last {
            regions[regions.count - 1] = .common(before + lines)
        } else if !lines.isEmpty {
            regions.append(region)
        }
    }

    private static func joined(_ regions: [MergeRegion]) -> [MergeRegion] {
        var result: [MergeRegion] = []
        for region in regions {
            if case .conflict(let conflict) = region, case .common(let gap)? = result.last, isSmall(gap),
                case .conflict(let before)? = result.dropLast().last
            {
                result.removeLast(2)
                result.append(
                    .conflict(
                        MergeConflict(
                            ours: before.ours.joined(with: conflict.ours, over: gap),
                            theirs: before.theirs.joined(with: conflict.theirs, over: gap))))
            } else {
                result.append(region)
            }
        }
        return result
    }

    /// Up to three lines, or any number without a letter or a digit.
    private static func isSmall(_ gap: [TextLine]) -> Bool {
        gap.count <= 3 || !gap.joined().contains(where: isAlphanumeric)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}

extension MergeConflict.Side {
    fileprivate func part(_ range: Range<Int>) -> Self {
        Self(start: start + range.lowerBound, lines: Array(lines[range]))
    }

    fileprivate func joined(with next: Self, over gap: [TextLine]) -> Self {
        Self(start: start, lines: lines + gap + next.lines)
    }
}
