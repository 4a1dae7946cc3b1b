/// How long an input is, in bins that reports and the map of coverage share.
package enum InputLength: String, Sendable, CaseIterable {
    case short, medium, long

    package init(characters: Int) {
        switch characters {
        case ..<100: self = .short
        case ..<500: self = .medium
        default: self = .long
        }
    }

    /// Which lengths are meant, for whoever writes inputs.
    package var words: String {
        switch self {
        case .short: "under 100 characters"
        case .medium: "100 to 499 characters"
        case .long: "500 characters or more"
        }
    }
}

extension TestCase {
    package var length: InputLength { InputLength(characters: inputText.count) }
}
