package import Foundation

/// Why a file could not be read or written, in the system's words: Foundation's own often hold a number only.
package enum SystemWords {
    package static func of(_ error: any Error) -> String {
        if let posix = error as? POSIXError { return String(cString: strerror(posix.code.rawValue)) }
        let foundation = error as NSError
        if foundation.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(foundation.code))) }
        if let inner = foundation.userInfo[NSUnderlyingErrorKey] as? any Error { return of(inner) }
        return foundation.localizedDescription
    }
}
