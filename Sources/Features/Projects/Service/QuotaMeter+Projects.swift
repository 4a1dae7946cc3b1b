package import EdisonQuotas

extension QuotaMeter {
    package static let projects = QuotaMeter(.projects) { try ProjectStore().count(of: $0, in: $1) }
}
