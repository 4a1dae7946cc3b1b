/// The order of UTF-8 bytes: the same on every system and in every locale.
package func bytewise(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
