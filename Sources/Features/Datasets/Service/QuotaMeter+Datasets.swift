package import EdisonQuotas

extension QuotaMeter {
    package static let datasets = QuotaMeter(.datasetBytes) { try DatasetLibraryStore().bytes(of: $0, in: $1) }
}
