extension TrafficControl.End {
    /// Whether the service failed; nil where the outcome says nothing about it.
    var verdict: Bool? {
        switch self {
        case .answered: false
        case .withdrawn: nil
        case .failed(let failure):
            switch failure.kind {
            case .serverError, .overloaded, .timeout, .connection, .cutStream, .malformed: true
            case .badRequest, .refusedKey, .notAllowed, .unknownModel, .tooLarge, .quotaExceeded, .contentFiltered:
                false
            case .rateLimited, .cancelled: nil
            }
        }
    }
}
