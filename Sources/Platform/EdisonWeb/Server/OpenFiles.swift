import Foundation

/// How many files and sockets the process may have open. A server that runs out of them cannot even accept a connection
/// to say so; so it takes no more connections than there is room for, and lets others wait.
enum OpenFiles {
    /// What the database, providers and files may need besides.
    static let reserve = 128

    static func connections(of settings: WebSettings) -> Int {
        let possible = raise(to: settings.connectionLimit + reserve)
        return max(16, min(settings.connectionLimit, possible - reserve))
    }

    /// Raises the limit of this process as far as it may; shells often begin with 1,024.
    private static func raise(to wish: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0 else { return 1_024 }
        let most = Int(clamping: limit.rlim_max)
        if Int(clamping: limit.rlim_cur) < wish {
            limit.rlim_cur = rlim_t(min(wish, most))
            _ = setrlimit(files, &limit)
            _ = getrlimit(files, &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }

    #if canImport(Glibc)
        private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let files = RLIMIT_NOFILE
    #endif
}
