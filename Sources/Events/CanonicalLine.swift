/// The canonical spelling of an event's line, by which lines of one id are compared.
package enum CanonicalLine {
  /// The spelling that the reference would write for the value of `line`, with its ids normalised.
  ///
  /// A line that is no JSON object is its own canonical spelling.
  package static func spelling(of line: [UInt8]) -> [UInt8] {
    guard case .object(var object)? = JSONValue(line) else { return line }
    for key in ["event_id", "causation_id"] as [JSONString] {
      guard case .string(let text)? = object[key], let id = EventID(ascii: text.bytes.span) else { continue }
      object[key] = .string(JSONString(bytes: id.ascii))
    }
    return JSONValue.object(object).canonicalText
  }
}
