/// The order of UTF-8 bytes: the same on every system and in every locale.
package func bytewise(_ left: String, _ right: String) -> Bool {
    // Over the bytes as they lie in memory: sorting by content compares tens of thousands of texts.
    let isBefore = left.utf8.withContiguousStorageIfAvailable { left in
        right.utf8.withContiguousStorageIfAvailable { left.lexicographicallyPrecedes($0) }
    }
    return isBefore.flatMap(\.self) ?? left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// Equal bytes, where Swift's own `==` also takes texts for equal that are written differently.
package func isBytewiseEqual(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    let isEqual = left.utf8.withContiguousStorageIfAvailable { left in
        right.utf8.withContiguousStorageIfAvailable { left.elementsEqual($0) }
    }
    return isEqual.flatMap(\.self) ?? left.utf8.elementsEqual(right.utf8)
}
