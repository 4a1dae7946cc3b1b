/// Splits a Swift file into tokens, so that a rule about code never stumbles over a comment or a text, and a rule about
/// texts never over code.
struct SwiftLexer {
    let bytes: [UInt8]
    var index = 0
    var line = 1
    /// Where the last token ended.
    var end = -1
    var tokens: [Token] = []

    static func tokens(of text: String) -> [Token] {
        var lexer = SwiftLexer(bytes: Array(text.utf8))
        lexer.readCode(inText: false)
        return lexer.tokens
    }

    /// - Parameter inText: the code is interpolated into a text and ends with the parenthesis that closes it.
    mutating func readCode(inText: Bool) {
        var depth = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case " ", "\t", "\n": step()
            case "/" where peek(1) == "/": while peek(0) != nil, peek(0) != "\n" { index += 1 }
            case "/" where peek(1) == "*": skipComment()
            case "\"": readText(hashes: 0)
            case "#" where readHashed(): break
            case "/" where readPattern(): break
            case _ where Self.isWord(byte): readWord()
            default:
                if byte == "(" { depth += 1 }
                if byte == ")" { depth -= 1 }
                if inText, depth < 0 {
                    index += 1
                    return
                }
                add(.symbol, upTo: index + 1)
            }
        }
    }

    func peek(_ offset: Int) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }

    mutating func step() {
        if bytes[index] == "\n" { line += 1 }
        index += 1
    }

    mutating func add(_ kind: Token.Kind, upTo close: Int) {
        let text = String(decoding: bytes[index..<close], as: UTF8.self)
        tokens.append(Token(kind: kind, text: text, line: line, isAttached: end == index))
        while index < close { step() }
        end = index
    }

    private mutating func readWord() {
        var close = index + 1
        while close < bytes.count, Self.isWord(bytes[close]) { close += 1 }
        add(.word, upTo: close)
    }

    private mutating func skipComment() {
        var depth = 0
        repeat {
            if peek(0) == "/", peek(1) == "*" { depth += 1 }
            if peek(0) == "*", peek(1) == "/" {
                depth -= 1
                index += 1
            }
            step()
        } while depth > 0 && index < bytes.count
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "$", "`", 0x80...: true
        default: false
        }
    }
}

/// Lets a byte be written as the character that it stands for.
extension UInt8: @retroactive ExpressibleByUnicodeScalarLiteral {
    public init(unicodeScalarLiteral scalar: Unicode.Scalar) { self.init(ascii: scalar) }
}
