/// Values by keys, in the order of the keys' bytes.
///
/// Objects of JSON have a dozen members, and clocks a dozen nodes. In arrays they are found as fast as in a dictionary
/// and need not be sorted to be written, and a process that lives for two milliseconds has no hashing to make ready for.
struct KeyedValues<Value> {
  private(set) var keys: [JSONString] = []
  private(set) var values: [Value] = []

  /// Creates a table without values.
  init() {}

  /// Creates the table of `members`; of two with one key the last one counts.
  ///
  /// They may come from anybody in any order, so they are sorted at once instead of being put in one by one.
  init(_ members: [(JSONString, Value)]) {
    keys.reserveCapacity(members.count)
    values.reserveCapacity(members.count)
    let rises = zip(members, members.dropFirst()).allSatisfy { $0.0 < $1.0 }
    let order =
      rises
      ? Array(members.indices)
      : members.indices.sorted { (members[$0].0, $0) < (members[$1].0, $1) }
    for index in order {
      let (key, value) = members[index]
      if keys.last == key {
        values[values.count - 1] = value
      } else {
        keys.append(key)
        values.append(value)
      }
    }
  }

  var count: Int { keys.count }

  /// The value under `key`.
  subscript(key: JSONString) -> Value? {
    get {
      let index = place(of: key)
      return index < keys.count && keys[index] == key ? values[index] : nil
    }
    set {
      let index = place(of: key)
      let isThere = index < keys.count && keys[index] == key
      switch newValue {
      case .some(let value) where isThere: values[index] = value
      case .some(let value):
        keys.insert(key, at: index)
        values.insert(value, at: index)
      case .none where isThere:
        keys.remove(at: index)
        values.remove(at: index)
      case .none: break
      }
    }
  }

  /// The members in order.
  var members: [(key: JSONString, value: Value)] { keys.indices.map { (keys[$0], values[$0]) } }

  /// The same keys with what `transform` makes of their values.
  func mapValues<Other>(_ transform: (Value) -> Other) -> KeyedValues<Other> {
    KeyedValues<Other>(keys: keys, values: values.map(transform))
  }

  private init(keys: [JSONString], values: [Value]) {
    self.keys = keys
    self.values = values
  }

  /// The members for which `isKept` answers true.
  func filter(_ isKept: (JSONString, Value) -> Bool) -> KeyedValues {
    var kept = KeyedValues()
    for index in keys.indices where isKept(keys[index], values[index]) {
      kept.keys.append(keys[index])
      kept.values.append(values[index])
    }
    return kept
  }

  /// The members of both tables; `choose` gives the value of a key that is in both.
  func merged(with other: KeyedValues, _ choose: (Value, Value) -> Value) -> KeyedValues {
    var merged = KeyedValues()
    var (left, right) = (0, 0)
    while left < count || right < other.count {
      if right == other.count || left < count && keys[left] < other.keys[right] {
        merged.keys.append(keys[left])
        merged.values.append(values[left])
        left += 1
      } else if left == count || other.keys[right] < keys[left] {
        merged.keys.append(other.keys[right])
        merged.values.append(other.values[right])
        right += 1
      } else {
        merged.keys.append(keys[left])
        merged.values.append(choose(values[left], other.values[right]))
        left += 1
        right += 1
      }
    }
    return merged
  }

  /// Where `key` stands, or would stand.
  private func place(of key: JSONString) -> Int {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension KeyedValues: Equatable where Value: Equatable {}
extension KeyedValues: Hashable where Value: Hashable {}
extension KeyedValues: Sendable where Value: Sendable {}
