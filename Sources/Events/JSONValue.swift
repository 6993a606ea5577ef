/// A JSON value as Python's `json` sees it: integers of any size, floats apart from integers, strings of code points.
public enum JSONValue: Hashable, Sendable {
  /// Nothing: what is not known.
  case null
  /// True or false.
  case bool(Bool)
  /// A number without fraction or exponent.
  case integer(JSONInteger)
  /// A number with fraction or exponent.
  case float(Double)
  /// A string of code points.
  case string(JSONString)
  /// Values in order.
  case array([JSONValue])
  /// Values by key.
  case object(JSONObject)

  /// Creates the value that `range` of `bytes` spells; `nil` when it is not well formed.
  package init?(_ bytes: Span<UInt8>, in range: Range<Int>) {
    guard JSONScanner.isValid(bytes, in: range) else { return nil }
    var builder = JSONBuilder(end: range.upperBound, position: range.lowerBound)
    self = builder.value(bytes)
  }

  /// Creates the value that `text` spells; `nil` when it is not well formed.
  public init?(_ text: [UInt8]) {
    self.init(text.span, in: 0..<text.count)
  }

  /// Creates a string value.
  public static func string(_ text: String) -> JSONValue { .string(JSONString(text)) }

  /// Creates an integer value.
  public static func integer(_ value: some BinaryInteger) -> JSONValue { .integer(JSONInteger(value)) }

  /// The members, when this is an object.
  public var object: JSONObject? {
    guard case .object(let object) = self else { return nil }
    return object
  }

  /// The text, when this is a string; code points that are no Unicode text are replaced.
  public var text: String? {
    guard case .string(let string) = self else { return nil }
    return string.description
  }
}

/// An integer of any size, as its decimal digits.
public struct JSONInteger: Hashable, Sendable {
  /// A minus sign where the number is negative, then digits without leading zeros.
  public let digits: String

  /// Creates an integer from a value.
  public init(_ value: some BinaryInteger) { digits = value.description }

  /// Creates an integer from JSON's spelling of one.
  init(spelling: String) { digits = spelling == "-0" ? "0" : spelling }

  /// The value, when it fits.
  public var int64: Int64? { Int64(digits) }
}

/// A string of code points in the bytes of UTF-8, extended to surrogates without a partner (WTF-8).
///
/// The bytes' order is the code points' order, and two spellings that are canonically equivalent stay different.
public struct JSONString: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The code points.
  public let bytes: [UInt8]

  /// Creates a string from its bytes.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// Creates a string from text.
  public init(_ text: String) { bytes = Array(text.utf8) }

  /// Creates a string from a literal.
  public init(stringLiteral text: String) { self.init(text) }

  /// The text; surrogates without a partner are replaced.
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  /// Orders strings by code points.
  public static func < (left: JSONString, right: JSONString) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// The members of a JSON object; of two with one key the last one counts.
public struct JSONObject: Hashable, Sendable {
  /// The members in order, for what goes through them without making an array of pairs first.
  private(set) var values: KeyedValues<JSONValue>

  /// Creates an object without members.
  public init() { values = KeyedValues() }

  /// Creates an object from members.
  public init(_ members: [(JSONString, JSONValue)]) {
    values = KeyedValues(members)
  }

  /// Creates an object of members that are in order.
  init(_ values: KeyedValues<JSONValue>) { self.values = values }

  /// The value under `key`.
  public subscript(key: JSONString) -> JSONValue? {
    get { values[key] }
    set { values[key] = newValue }
  }

  /// The members in the order of their keys' code points.
  public var sorted: [(key: JSONString, value: JSONValue)] { values.members }

  /// The number of members.
  public var count: Int { values.count }
}

/// Builds values from bytes that ``JSONScanner`` has found well formed.
private struct JSONBuilder {
  let end: Int
  var position: Int

  mutating func value(_ bytes: Span<UInt8>) -> JSONValue {
    JSONScanner.skipSpace(bytes, &position, end)
    switch bytes[position] {
    case UInt8(ascii: "\""): return .string(string(bytes))
    case UInt8(ascii: "{"): return .object(object(bytes))
    case UInt8(ascii: "["): return .array(array(bytes))
    case UInt8(ascii: "t"): return literal(.bool(true), length: 4)
    case UInt8(ascii: "f"): return literal(.bool(false), length: 5)
    case UInt8(ascii: "n"): return literal(.null, length: 4)
    case UInt8(ascii: "N"): return literal(.float(.nan), length: 3)
    case UInt8(ascii: "I"): return literal(.float(.infinity), length: 8)
    default: return number(bytes)
    }
  }

  private mutating func literal(_ value: JSONValue, length: Int) -> JSONValue {
    position += length
    return value
  }

  private mutating func object(_ bytes: Span<UInt8>) -> JSONObject {
    var members: [(JSONString, JSONValue)] = []
    position += 1
    while !closes(bytes, with: UInt8(ascii: "}")) {
      let key = string(bytes)
      _ = JSONScanner.skipColon(bytes, &position, end)
      members.append((key, value(bytes)))
    }
    return JSONObject(members)
  }

  private mutating func array(_ bytes: Span<UInt8>) -> [JSONValue] {
    var elements: [JSONValue] = []
    position += 1
    while !closes(bytes, with: UInt8(ascii: "]")) {
      elements.append(value(bytes))
    }
    return elements
  }

  /// Moves behind `closing` and answers true, or to the next member and answers false.
  private mutating func closes(_ bytes: Span<UInt8>, with closing: UInt8) -> Bool {
    JSONScanner.skipSpace(bytes, &position, end)
    if bytes[position] == UInt8(ascii: ",") {
      position += 1
      JSONScanner.skipSpace(bytes, &position, end)
    }
    guard bytes[position] == closing else { return false }
    position += 1
    return true
  }

  private mutating func number(_ bytes: Span<UInt8>) -> JSONValue {
    let start = position
    _ = JSONScanner.skipValue(bytes, &position, end, depth: 0)
    let text = String(copying: bytes, in: start..<position)
    if text == "-Infinity" { return .float(-.infinity) }
    if text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }) {
      // The grammar has been checked, so there is a value; too large a one is an infinity, as in Python.
      return .float(Double(text) ?? .nan)
    }
    return .integer(JSONInteger(spelling: text))
  }

  private mutating func string(_ bytes: Span<UInt8>) -> JSONString {
    let start = position
    _ = JSONScanner.skipString(bytes, &position, end)
    return JSONString(unescaping: bytes, in: start + 1..<position - 1)
  }
}

extension JSONString {
  /// Creates the string whose spelling between the quotes is `range` of `bytes`, known to be well formed.
  init(unescaping bytes: Span<UInt8>, in range: Range<Int>) {
    var text: [UInt8] = []
    text.reserveCapacity(range.count)
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = bytes[position]
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        position += 1
        continue
      }
      guard var scalar = JSONScanner.codeUnit(bytes, position, range.upperBound) else {
        text.append(JSONScanner.escapedByte(bytes[position + 1]) ?? byte)
        position += 2
        continue
      }
      position += 6
      if 0xD800..<0xDC00 ~= scalar, let second = JSONScanner.codeUnit(bytes, position, range.upperBound),
        0xDC00...0xDFFF ~= second
      {
        scalar = 0x10000 + (scalar - 0xD800) << 10 + (second - 0xDC00)
        position += 6
      }
      JSONString.append(scalar, to: &text)
    }
    self.init(bytes: text)
  }

  /// Appends the UTF-8 form of a code point, also of a surrogate.
  private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
    func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift) & 0x3F }
    switch scalar {
    case ..<0x80:
      text.append(UInt8(scalar))
    case ..<0x800:
      text += [0xC0 | UInt8(scalar >> 6), continuation(0)]
    case ..<0x10000:
      text += [0xE0 | UInt8(scalar >> 12), continuation(6), continuation(0)]
    default:
      text += [0xF0 | UInt8(scalar >> 18), continuation(12), continuation(6), continuation(0)]
    }
  }
}

extension String {
  /// Creates the text of `range` of `bytes`.
  init(copying bytes: Span<UInt8>, in range: Range<Int>) {
    self.init(decoding: [UInt8](copying: bytes, in: range), as: UTF8.self)
  }
}

extension [UInt8] {
  /// Creates a copy of `range` of `bytes`.
  package init(copying bytes: Span<UInt8>, in range: Range<Int>) {
    self.init(capacity: range.count) { copy in
      for index in range { copy.append(bytes[index]) }
    }
  }
}
