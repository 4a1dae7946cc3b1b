import EdisonCore
import Foundation

/// The entry points of libpq that the driver needs, looked up at run time: one program serves both databases, and
/// nothing of PostgreSQL is needed to build it or to run it with SQLite.
///
/// `@unchecked`: the members are C function pointers, which are immutable and safe to share.
struct LibPQ: @unchecked Sendable {
    typealias Connection = OpaquePointer
    typealias Result = OpaquePointer
    typealias CText = UnsafePointer<CChar>

    let connect: @convention(c) (UnsafePointer<CText?>?, UnsafePointer<CText?>?, Int32) -> Connection?
    let status: @convention(c) (Connection?) -> UInt32
    let transactionStatus: @convention(c) (Connection?) -> UInt32
    let errorMessage: @convention(c) (Connection?) -> UnsafeMutablePointer<CChar>?
    let finish: @convention(c) (Connection?) -> Void
    let execute:
        @convention(c) (
            Connection?, CText?, Int32, UnsafePointer<UInt32>?, UnsafePointer<CText?>?, UnsafePointer<Int32>?,
            UnsafePointer<Int32>?, Int32
        ) -> Result?
    let prepare: @convention(c) (Connection?, CText?, CText?, Int32, UnsafePointer<UInt32>?) -> Result?
    let executePrepared:
        @convention(c) (
            Connection?, CText?, Int32, UnsafePointer<CText?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?, Int32
        ) -> Result?
    let resultStatus: @convention(c) (Result?) -> UInt32
    let resultErrorField: @convention(c) (Result?, Int32) -> UnsafeMutablePointer<CChar>?
    let rows: @convention(c) (Result?) -> Int32
    let fields: @convention(c) (Result?) -> Int32
    let fieldName: @convention(c) (Result?, Int32) -> UnsafeMutablePointer<CChar>?
    let fieldType: @convention(c) (Result?, Int32) -> UInt32
    let value: @convention(c) (Result?, Int32, Int32) -> UnsafeMutablePointer<CChar>?
    let isNull: @convention(c) (Result?, Int32, Int32) -> Int32
    let changed: @convention(c) (Result?) -> UnsafeMutablePointer<CChar>?
    let clear: @convention(c) (Result?) -> Void
    let socket: @convention(c) (Connection?) -> Int32
    let consumeInput: @convention(c) (Connection?) -> Int32
    let notifies: @convention(c) (Connection?) -> UnsafeMutableRawPointer?
    let freeMemory: @convention(c) (UnsafeMutableRawPointer?) -> Void

    static func load() throws -> LibPQ {
        let names = ["libpq.so.5", "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib"]
        guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
            throw EdisonError(
                .unavailable, "PostgreSQL needs the library libpq, which is not installed.",
                detail: "On Debian or Ubuntu: apt-get install libpq5")
        }
        func symbol<Function>(_ name: String, as _: Function.Type = Function.self) throws -> Function {
            guard let pointer = dlsym(library, name) else {
                throw EdisonError(.unavailable, "The installed libpq lacks \(name); install a newer one.")
            }
            return unsafeBitCast(pointer, to: Function.self)
        }
        return LibPQ(
            connect: try symbol("PQconnectdbParams"), status: try symbol("PQstatus"),
            transactionStatus: try symbol("PQtransactionStatus"), errorMessage: try symbol("PQerrorMessage"),
            finish: try symbol("PQfinish"), execute: try symbol("PQexecParams"), prepare: try symbol("PQprepare"),
            executePrepared: try symbol("PQexecPrepared"),
            resultStatus: try symbol("PQresultStatus"), resultErrorField: try symbol("PQresultErrorField"),
            rows: try symbol("PQntuples"), fields: try symbol("PQnfields"), fieldName: try symbol("PQfname"),
            fieldType: try symbol("PQftype"), value: try symbol("PQgetvalue"), isNull: try symbol("PQgetisnull"),
            changed: try symbol("PQcmdTuples"), clear: try symbol("PQclear"), socket: try symbol("PQsocket"),
            consumeInput: try symbol("PQconsumeInput"), notifies: try symbol("PQnotifies"),
            freeMemory: try symbol("PQfreemem"))
    }

    /// Connects by keywords of which a later one wins; `dbname` may be a whole `postgres://` address.
    func connect(_ settings: [(keyword: String, value: String)]) -> Connection? {
        let texts = settings.map { (strdup($0.keyword), strdup($0.value)) }
        defer {
            for (keyword, value) in texts {
                free(keyword)
                free(value)
            }
        }
        let keywords = texts.map { $0.0.map { CText($0) } } + [nil]
        let values = texts.map { $0.1.map { CText($0) } } + [nil]
        return connect(keywords, values, 1)
    }
}
