/// Numbers for node ids, given in the order in which the nodes turn up, so that a record holds four bytes for one.
struct NodeNumbers: Sendable {
  /// The nodes by their numbers.
  private(set) var nodes: [JSONString]
  private var numbers: [JSONString: Int32]

  /// A short node id in two words, and its number.
  private struct Short {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var length = 0
    var number: Int32 = 0
  }

  /// Ids that were seen last, each in the place that its bytes give it: there are few nodes and many events.
  private var recent = InlineArray<256, Short>(repeating: Short())

  init(_ nodes: [JSONString]) {
    self.nodes = nodes
    numbers = Dictionary(uniqueKeysWithValues: zip(nodes, (0 as Int32)...))
  }

  /// The number of a node.
  mutating func number(of node: JSONString) -> Int32 {
    if let number = numbers[node] { return number }
    let number = Int32(nodes.count)
    numbers[node] = number
    nodes.append(node)
    return number
  }

  /// The number of the node whose id is the bytes at `range`.
  @inline(__always)
  mutating func number(of range: Range<Int>, in bytes: Span<UInt8>) -> Int32 {
    let length = range.count
    guard length <= 16, var first = bytes.word(at: range.lowerBound), var second = bytes.word(at: range.lowerBound &+ 8)
    else { return number(of: JSONString(bytes: [UInt8](copying: bytes, in: range))) }
    first &= Words.mask(length)
    second &= Words.mask(max(0, length &- 8))
    let mixed = (first ^ second &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
    let place = Int(truncatingIfNeeded: mixed &>> 56)
    let known = recent[place]
    if known.first == first, known.second == second, known.length == length { return known.number }
    let number = number(of: JSONString(bytes: [UInt8](copying: bytes, in: range)))
    recent[place] = Short(first: first, second: second, length: length, number: number)
    return number
  }
}
