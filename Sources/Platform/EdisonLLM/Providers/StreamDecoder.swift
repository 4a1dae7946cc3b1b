/// Puts a streamed answer together from bytes that may be cut anywhere.
protocol StreamDecoder: Sendable {
    /// The pieces that are complete with these bytes.
    mutating func feed(_ bytes: [UInt8]) throws -> [StreamPiece]

    /// The rest after the last byte, ending with `.end`; throws `cutStream` when the answer was not complete.
    mutating func finish() throws -> [StreamPiece]
}
