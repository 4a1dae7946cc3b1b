import Foundation

/// Whether HTTPS to providers can work at all: the certificates of the system, looked for where the HTTP client looks.
package enum CertificateBundle {
    package static let advice =
        "no CA certificates are installed, so HTTPS can trust nobody; on Debian or Ubuntu: apt-get install ca-certificates"

    package static var isMissing: Bool {
        #if os(Linux)
            let files = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]
            if files.contains(where: { FileManager.default.fileExists(atPath: $0) }) { return false }
            let folder = try? FileManager.default.contentsOfDirectory(atPath: "/etc/ssl/certs")
            return folder?.isEmpty ?? true
        #else
            return false
        #endif
    }
}
