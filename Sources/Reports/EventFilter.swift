package import Events

/// Which events a report is about; an event passes when it meets every condition that is given.
package struct EventFilter: Sendable {
  /// What kind of thing happened.
  package var eventType: String?
  /// The work package.
  package var wpID: String?
  /// Who ran.
  package var agent: String?
  /// The model that answered.
  package var model: String?
  /// What the agent was asked to be.
  package var role: String?
  /// Whether the agent did what it was asked to.
  package var success: Bool?
  /// The earliest time, itself included.
  package var since: DateBound?
  /// The latest time, itself included.
  package var until: DateBound?
  /// The feature, where no folder says which one an event is of.
  package var feature: NamePattern?

  /// Creates a filter that every event passes.
  package init() {}

  /// The filter with its texts spelled out, to be put to many events.
  package var matcher: EventMatcher { EventMatcher(self) }
}

/// A filter, ready to be put to many events.
package struct EventMatcher {
  private let eventType: TextCondition?
  /// How the type is usually spelled, if there is a condition for it.
  private let usualType: ShortText
  private let payload: [(key: PayloadKey, condition: TextCondition)]
  private let success: Bool?
  private let range: ClosedRange<Int64>?
  private let feature: NamePattern?
  /// Whether there is no other condition than that for the type.
  private let asksForNoMore: Bool

  fileprivate init(_ filter: EventFilter) {
    eventType = filter.eventType.map(TextCondition.init)
    usualType = ShortText(filter.eventType.map { JSONValue.string($0).canonicalText })
    let texts: [(PayloadKey, String?)] = [
      (.wpID, filter.wpID), (.agent, filter.agent), (.model, filter.model), (.role, filter.role),
    ]
    payload = texts.compactMap { key, text in text.map { (key, TextCondition($0)) } }
    success = filter.success
    feature = filter.feature
    let (earliest, latest) = (
      filter.since?.microsecondsSince1970 ?? .min, filter.until?.microsecondsSince1970 ?? .max
    )
    // Nothing lies in a range that ends before it begins.
    range =
      filter.since == nil && filter.until == nil
      ? nil : earliest <= latest ? earliest...latest : Int64.max...Int64.max
    asksForNoMore = payload.isEmpty && success == nil && range == nil && feature == nil
  }

  /// Whether an event that was parsed and stands in `bytes` passes.
  package func matches(_ envelope: Envelope, _ members: PayloadMembers, in bytes: Span<UInt8>) -> Bool {
    matches(EventLine(envelope, members), in: bytes)
  }

  /// Whether an event that stands in `bytes` passes.
  package func matches(_ line: EventLine, in bytes: Span<UInt8>) -> Bool {
    if let eventType, !eventType.holds(for: line.eventType, in: bytes) { return false }
    return asksForNoMore || matchesFurther(line, in: bytes)
  }

  /// The same of a line that stays where it is: nearly all lines have the type that is asked for, and that is all.
  @inline(__always)
  func matches(inPlace line: inout EventLine, in bytes: Span<UInt8>) -> Bool {
    asksForNoMore && usualType.stands(at: line.eventType, in: bytes) || matches(line, in: bytes)
  }

  /// Whether it meets all conditions but that for its type.
  private func matchesFurther(_ line: EventLine, in bytes: Span<UInt8>) -> Bool {
    for (key, condition) in payload {
      guard let value = line[key], condition.holds(for: value, in: bytes) else { return false }
    }
    if let success {
      guard let value = line[.success], isTrue(value, in: bytes) == success else { return false }
    }
    if let range {
      guard let time = Timestamp(bytes, in: line.timestamp), range ~= time.microsecondsSince1970 else {
        return false
      }
    }
    if let feature {
      guard feature.matches(line.feature(in: bytes).description) else { return false }
    }
    return true
  }

  /// The truth value at `range`, where Python's `1` equals `True`; `nil` when there is none.
  private func isTrue(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool? {
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "t"): return true
    case UInt8(ascii: "f"): return false
    case UInt8(ascii: "0"), UInt8(ascii: "1"):
      switch JSONValue(bytes, in: range) {
      case .integer(JSONInteger(1)), .float(1): return true
      case .integer(JSONInteger(0)), .float(0): return false
      default: return nil
      }
    default: return nil
    }
  }
}
