internal import Events
internal import Journal
internal import Synchronization
public import SystemPackage

/// Where the value of a logical clock is kept.
///
/// Loading and saving are two steps, so a storage that several processes share needs a lock around both; recording
/// events takes care of that itself.
public protocol ClockStorage: Sendable {
  /// The last value saved for `node`; 0 when there is none.
  func load(_ node: String) throws(TelemetryError) -> UInt64
  /// Makes `value` the one to load for `node`; the values of other nodes stay.
  func save(_ value: UInt64, for node: String) throws(TelemetryError)
}

/// Clock values in memory, for tests and for clocks that need not outlive the process.
///
/// It is a class because whoever holds it shares one set of values.
public final class InMemoryClockStorage: ClockStorage {
  private let values = Mutex<[[UInt8]: UInt64]>([:])

  /// Creates an empty storage.
  public init() {}

  /// The last value saved for `node`; 0 when there is none.
  public func load(_ node: String) -> UInt64 { values.withLock { $0[Array(node.utf8)] ?? 0 } }

  /// Makes `value` the one to load for `node`.
  public func save(_ value: UInt64, for node: String) {
    values.withLock { $0[Array(node.utf8)] = value }
  }
}

/// Clock values in a file of the reference's format: `{"cli:WP01": 3}`.
///
/// A file that cannot be understood gives 0, and what can be understood of it is kept when a value is saved.
public struct FileClockStorage: ClockStorage {
  private let file: ClockFile

  /// Creates a storage in the file at `path`, which need not exist; nor need its folder.
  public init(_ path: FilePath) { file = ClockFile(path) }

  /// The last value saved for `node`; 0 when there is none.
  public func load(_ node: String) throws(TelemetryError) -> UInt64 {
    try environmental { try file.read().table[JSONString(node)]?.saturated ?? 0 }
  }

  /// Makes `value` the one to load for `node`.
  public func save(_ value: UInt64, for node: String) throws(TelemetryError) {
    try environmental {
      var table = try file.read().table
      table.set(JSONString(node), to: LamportValue(value))
      try FileSystem.createDirectories(file.path.removingLastComponent())
      try file.write(table)
    }
  }
}

/// A logical clock in Lamport's sense: it orders events of several nodes without looking at the time of day.
public struct LamportClock<Storage: ClockStorage>: Sendable {
  private let node: String
  private let storage: Storage
  /// The value of the last event.
  public private(set) var current: UInt64

  /// Creates the clock of `node`, which goes on from the value in `storage`.
  public init(node: String, storage: Storage) throws(TelemetryError) {
    self.node = node
    self.storage = storage
    current = try storage.load(node)
  }

  /// Gives the next event its value, stored before it is returned: one more than the last one and than the witness, the
  /// highest value seen at a merge, which storages keep under the node `*`.
  public mutating func tick() throws(TelemetryError) -> UInt64 {
    let witness = try storage.load(ClockTable.witness.description)
    return try advance(to: witness <= LamportValue.trustLimit ? max(current, witness) : current)
  }

  /// Takes note of an event from elsewhere and returns the value of having done so: above both its and the own one.
  @discardableResult
  public mutating func update(_ received: UInt64) throws(TelemetryError) -> UInt64 {
    try advance(to: max(current, received))
  }

  private mutating func advance(to value: UInt64) throws(TelemetryError) -> UInt64 {
    guard value < .max else {
      throw TelemetryError(.environment, "cannot tick the clock of \(printable(node)): it has used up its numbers")
    }
    try storage.save(value + 1, for: node)
    current = value + 1
    return current
  }
}
