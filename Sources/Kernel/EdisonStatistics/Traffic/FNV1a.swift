/// FNV-1a (Fowler, Noll and Vo): the smallest portable hash, for cache keys of short texts.
///
/// Not for splitting traffic: its low bits are weak on sequential ids.
package enum FNV1a {
    package static func hash32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    package static func hash64(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
