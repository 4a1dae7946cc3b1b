/// The identity of one entity: a UUID version 7 as lower-case text, typed by what it names.
///
/// Text, so that SQLite and PostgreSQL behave alike; version 7, so that ids sort by the time they were made.
package struct ID<Entity>: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Wraps an id that was stored or received; whether it exists is for the store to say.
    package init(_ text: String) { self.text = text }

    package var description: String { text }
}

extension ID: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// Where new ids come from; injected, so that a test can fix them.
package struct IDSource: Sendable {
    private let bytes: @Sendable () -> UUIDv7

    package init(_ next: @escaping @Sendable () -> UUIDv7) { bytes = next }

    package func next<Entity>(_: Entity.Type = Entity.self) -> ID<Entity> { ID(bytes().text) }

    package static let random = IDSource {
        UUIDv7(at: Timestamp.now, random: (.random(in: 0 ... .max), .random(in: 0 ... .max)))
    }
}

/// RFC 9562 version 7: 48 bits of Unix milliseconds, then random bits.
package struct UUIDv7: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64

    package init(at time: Timestamp, random: (UInt64, UInt64)) {
        let milliseconds = UInt64(max(0, time.microseconds / 1000)) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        low = 0x8000_0000_0000_0000 | random.1 >> 2
    }

    package var text: String {
        String(unsafeUninitializedCapacity: 36) { digits in
            var place = 0
            for shift in stride(from: 124, through: 0, by: -4) {
                if [8, 13, 18, 23].contains(place) {
                    digits[place] = UInt8(ascii: "-")
                    place += 1
                }
                let word = shift >= 64 ? high >> UInt64(shift - 64) : low >> UInt64(shift)
                digits[place] = Hexadecimal.digit(UInt8(truncatingIfNeeded: word & 0x0F))
                place += 1
            }
            return place
        }
    }
}
