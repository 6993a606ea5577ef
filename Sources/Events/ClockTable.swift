// A clock file is the reference's: one JSON object of node ids and integers, keys sorted, `", "` and `": "`, ASCII, no
// newline at the end. `{"*": 9, "cli:N/A": 4, "cli:WP01": 9}`
//
// Under the key `*`, the witness, stands the highest clock value that was seen when branches were joined. It is nobody's
// node id: Lamport's rule for receiving a message, which makes every later event of any node sort after all that was
// joined. Values are read as Python's `int` reads them: `3.9` is 3, `true` is 1; what is no number, and a negative one,
// is 0. A file may hold several objects and markers between them, as an unfinished merge leaves it; all are joined.

/// Clock values of nodes, joined by their maxima.
package struct ClockTable: Hashable, Sendable {
  private var values = KeyedValues<LamportValue>()

  /// The key under which the highest value seen at a merge stands.
  package static let witness: JSONString = "*"

  /// Creates a table without values.
  package init() {}

  /// The value of `node`; `nil` when it has none.
  package subscript(node: JSONString) -> LamportValue? { values[node] }

  /// The values in the order of the nodes.
  package var sorted: [(node: JSONString, value: LamportValue)] {
    values.members.map { (node: $0.key, value: $0.value) }
  }

  /// Whether one of the values is as `predicate` says.
  package func contains(where predicate: (_ node: JSONString, _ value: LamportValue) -> Bool) -> Bool {
    values.keys.indices.contains { predicate(values.keys[$0], values.values[$0]) }
  }

  /// Whether there is no value.
  package var isEmpty: Bool { values.count == 0 }

  /// Makes the value of `node` at least `value`.
  package mutating func raise(_ node: JSONString, to value: LamportValue) {
    values[node] = max(values[node] ?? value, value)
  }

  /// Makes the value of `node` exactly `value`, for a storage that is told what to keep.
  package mutating func set(_ node: JSONString, to value: LamportValue) {
    values[node] = value
  }

  /// The join of two tables: the larger value of each node.
  package func joined(with other: ClockTable) -> ClockTable {
    ClockTable(values: values.merged(with: other.values) { max($0, $1) })
  }

  /// The values that a clock may go on from.
  package var trusted: ClockTable { ClockTable(values: values.filter { $1.isTrusted }) }

  /// The values of nodes alone.
  package var withoutWitness: ClockTable { ClockTable(values: values.filter { node, _ in node != ClockTable.witness }) }

  private init(values: KeyedValues<LamportValue>) { self.values = values }

  /// The value that the next event of `node` has: one more than the higher of its own and the witness.
  ///
  /// Values that no clock may go on from are passed over.
  package func next(for node: JSONString) -> LamportValue {
    let known = [values[node], values[ClockTable.witness]].compactMap(\.self).filter(\.isTrusted)
    return LamportValue((known.max()?.saturated ?? 0) + 1)
  }
}

extension ClockTable {
  /// The file's bytes.
  package var bytes: [UInt8] {
    JSONValue.object(JSONObject(values.mapValues { .integer(JSONInteger(clock: $0)) })).canonicalText
  }

  /// What was found in a clock file.
  package struct Reading: Sendable {
    /// The join of all that could be read.
    package let table: ClockTable
    /// Whether the file was exactly one object.
    package let isWhole: Bool
  }

  /// Reads a clock file, also one that is torn or holds the sides of a conflict.
  package static func read(_ bytes: [UInt8]) -> Reading {
    if let object = JSONValue(bytes)?.object { return Reading(table: ClockTable(object), isWhole: true) }
    var table = ClockTable()
    let span = bytes.span
    LineScanner.forEachLine(in: span) { line in
      guard let object = JSONValue(span, in: line)?.object else { return }
      table = table.joined(with: ClockTable(object))
    }
    return Reading(table: table, isWhole: false)
  }

  private init(_ object: JSONObject) {
    values = object.values.mapValues { LamportValue(clock: $0) }
  }
}

extension JSONInteger {
  fileprivate init(clock value: LamportValue) { self.init(spelling: value.description) }
}

extension LamportValue {
  /// The value that a clock file gives: Python's `int` of a number, 0 for what is none or negative.
  fileprivate init(clock value: JSONValue) {
    switch value {
    case .bool(true): self.init(1)
    case .integer(let integer): self = LamportValue(digits: integer.digits) ?? LamportValue(0)
    case .float(let float): self = LamportValue(wholePartOf: float) ?? LamportValue(0)
    default: self.init(0)
    }
  }
}
