internal import Events

/// Numbers for JSON values, given in the order in which the values turn up.
///
/// A value that was seen in the same spelling is found without being read again.
struct ValueNumbers {
  /// The values by their numbers.
  private(set) var values: [JSONValue] = []
  private var numbers: [JSONValue: Int] = [:]
  private var spellings: [[UInt8]: Int] = [:]
  private var recent = RecentTexts()

  /// The number of the value at `range`.
  mutating func number(of range: Range<Int>, in bytes: Span<UInt8>) -> Int {
    if let number = recent.number(of: range, in: bytes) { return number }
    let number = number(ofSpelling: range, in: bytes)
    recent.set(number, of: range, in: bytes)
    return number
  }

  private mutating func number(ofSpelling range: Range<Int>, in bytes: Span<UInt8>) -> Int {
    let spelling = [UInt8](copying: bytes, in: range)
    if let number = spellings[spelling] { return number }
    let number = number(of: JSONValue(spelling) ?? .null)
    spellings[spelling] = number
    return number
  }

  /// The number of a value.
  mutating func number(of value: JSONValue) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }
}
