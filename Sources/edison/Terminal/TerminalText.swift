/// What may reach a terminal: words of models and providers are data, and must not move the cursor, clear the screen or
/// name the window.
enum TerminalText {
    /// Without control characters, but line feeds, tabs, and the colours that `Style` writes.
    static func safe(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if scalar == "\u{1B}", let colour = colour(at: rest) {
                result.append(contentsOf: colour)
                rest = rest.dropFirst(colour.count)
                continue
            }
            if scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control {
                result.append(scalar)
            }
            rest = rest.dropFirst()
        }
        return String(result)
    }

    /// Words of a model that a person decides by: without any colour, and with what could hide or turn round other words
    /// shown by its number.
    static func plain(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { plain, scalar in
            switch scalar.value {
            case 0x0A, 0x09: plain.unicodeScalars.append(scalar)
            case 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060, 0x2066...0x2069, 0xFEFF:
                plain += "⟨U+\(String(scalar.value, radix: 16, uppercase: true))⟩"
            default: if scalar.properties.generalCategory != .control { plain.unicodeScalars.append(scalar) }
            }
        }
    }

    /// `ESC [ digits m`, which changes the look of letters and nothing else.
    private static func colour(at text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView? {
        var index = text.index(after: text.startIndex)
        guard index < text.endIndex, text[index] == "[" else { return nil }
        index = text.index(after: index)
        while index < text.endIndex, ("0"..."9").contains(text[index]) || text[index] == ";" {
            index = text.index(after: index)
        }
        guard index < text.endIndex, text[index] == "m" else { return nil }
        return text[text.startIndex...index]
    }
}
