package import EdisonCore
package import EdisonSQL

/// The port through which features tell, without knowing who passes it on. The outlets write down what they owe
/// in the transaction of what happened, so that nothing is told that was undone, and nothing is forgotten.
package struct Notifications: Sendable {
    package typealias Outlet = @Sendable (Notification, any DatabaseConnection) throws -> Void

    private let outlets: [Outlet]

    package init(_ outlets: [Outlet] = []) { self.outlets = outlets }

    package func send(_ notification: Notification, _ db: any DatabaseConnection) throws {
        for outlet in outlets { try outlet(notification, db) }
    }
}
