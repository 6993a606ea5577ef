// The canonical spelling of a JSON value is what Python's `json.dumps(value, sort_keys=True)` prints:
//
//   keys      sorted by code point, at every level
//   between   ", " and ": "
//   strings   ASCII only: everything outside space..~ escaped, \b \f \n \r \t by letter, else \u and four lower-case
//             hexadecimal digits of each UTF-16 unit; `/` is not escaped
//   integers  their digits
//   floats    Python's `repr`: the shortest digits that give the same value back, in positional notation while the
//             exponent is from -4 to 15, with `.0` where there is no fraction; else `1.5e-07`, `1e+16`
//   NaN       `NaN`, `Infinity`, `-Infinity` (met in foreign lines only; what is recorded here has none)

extension JSONValue {
  /// The canonical spelling.
  public var canonicalText: [UInt8] {
    var text: [UInt8] = []
    appendCanonicalText(to: &text)
    return text
  }

  /// Appends the canonical spelling to `text`.
  package func appendCanonicalText(to text: inout [UInt8]) {
    switch self {
    case .null: text += "null".utf8
    case .bool(let value): text += (value ? "true" : "false").utf8
    case .integer(let value): text += value.digits.utf8
    case .float(let value): text += pythonText(of: value).utf8
    case .string(let value): value.appendCanonicalText(to: &text)
    case .array(let elements):
      text.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { text += ", ".utf8 }
        element.appendCanonicalText(to: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let object):
      text.append(UInt8(ascii: "{"))
      for index in 0..<object.count {
        if index > 0 { text += ", ".utf8 }
        object.values.keys[index].appendCanonicalText(to: &text)
        text += ": ".utf8
        object.values.values[index].appendCanonicalText(to: &text)
      }
      text.append(UInt8(ascii: "}"))
    }
  }
}

extension JSONString {
  /// Appends the canonical spelling, quotes included, to `text`.
  package func appendCanonicalText(to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        text += [UInt8(ascii: "\\"), byte]
        index += 1
      case 0x08: text += "\\b".utf8; index += 1
      case 0x09: text += "\\t".utf8; index += 1
      case 0x0A: text += "\\n".utf8; index += 1
      case 0x0C: text += "\\f".utf8; index += 1
      case 0x0D: text += "\\r".utf8; index += 1
      case 0x20..<0x7F:
        text.append(byte)
        index += 1
      default:
        appendEscape(of: scalar(at: &index), to: &text)
      }
    }
    text.append(UInt8(ascii: "\""))
  }

  /// The code point whose bytes begin at `index`, which moves behind them.
  private func scalar(at index: inout Int) -> UInt32 {
    let first = bytes[index]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    // A string made from ill-formed bytes may end early; such a byte is shown as itself.
    guard index + length <= bytes.count else {
      index += 1
      return UInt32(first)
    }
    var scalar = length == 1 ? UInt32(first) : UInt32(first & (0xFF >> UInt8(length + 1)))
    for continuation in bytes[index + 1..<index + length] { scalar = scalar << 6 | UInt32(continuation & 0x3F) }
    index += length
    return scalar
  }

  private func appendEscape(of scalar: UInt32, to text: inout [UInt8]) {
    guard scalar >= 0x10000 else { return appendEscape(ofUnit: scalar, to: &text) }
    appendEscape(ofUnit: 0xD800 + (scalar - 0x10000) >> 10, to: &text)
    appendEscape(ofUnit: 0xDC00 + (scalar - 0x10000) & 0x3FF, to: &text)
  }

  private func appendEscape(ofUnit unit: UInt32, to text: inout [UInt8]) {
    text += "\\u".utf8
    for shift: UInt32 in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift) & 15
      text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}

/// What Python's `repr` prints for a float, and its `json` for the values that JSON has no literal for.
///
/// Swift's own description has the same shortest digits, yet changes to an exponent elsewhere:
/// `9.007199254740994e+15` where Python has `9007199254740994.0`.
package func pythonText(of value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
  let (digits, exponent) = shortestDigits(of: value.magnitude)
  let sign = value.sign == .minus ? "-" : ""
  let count = digits.utf8.count
  switch exponent {
  case 0..<16 where count > exponent + 1:
    return "\(sign)\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))"
  case 0..<16:
    return "\(sign)\(digits)\(String(repeating: "0", count: exponent + 1 - count)).0"
  case -4..<0:
    return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digits)"
  default:
    let mantissa = count == 1 ? digits : "\(digits.prefix(1)).\(digits.dropFirst())"
    let power = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(power)"
  }
}

/// The shortest digits that give `value` back, the first one not 0, and the power of ten of that first digit.
private func shortestDigits(of value: Double) -> (digits: String, exponent: Int) {
  guard value != 0 else { return ("0", 0) }
  let parts = value.description.split(separator: "e")
  let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
  let whole = mantissa[0]
  let fraction = mantissa.count > 1 ? mantissa[1] : ""
  let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
  // Joined by `+` the two would be an unspecialised sequence of characters, whose type costs more than the digits do.
  let all = "\(whole)\(fraction)"
  let significant = all.drop { $0 == "0" }
  let leadingZeros = all.utf8.count - significant.utf8.count
  var digits = significant
  while digits.utf8.count > 1, digits.hasSuffix("0") { digits = digits.dropLast() }
  return (String(digits), whole.utf8.count - 1 - leadingZeros + power)
}
