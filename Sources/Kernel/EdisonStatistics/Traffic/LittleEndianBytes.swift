/// Unaligned little-endian reads, which the word-oriented hashes share.
extension UnsafeRawBufferPointer {
    @inline(__always)
    func word32(at offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func word64(at offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

extension FixedWidthInteger {
    @inline(__always)
    func rotated(left count: Int) -> Self {
        (self << Self(truncatingIfNeeded: count)) | (self >> Self(truncatingIfNeeded: Self.bitWidth - count))
    }
}
