import Events
import Reports
import Testing

/// Which events pass.
struct `A filter` {
  private func passes(_ line: [UInt8], _ set: (inout EventFilter) -> Void) -> Bool {
    var filter = EventFilter()
    set(&filter)
    let bytes = line.span
    guard let (envelope, members) = LineScanner.event(of: bytes.indices, in: bytes) else { return false }
    return filter.matcher.matches(envelope, members, in: bytes)
  }

  @Test func `texts are compared by what they stand for, however they are spelled`() {
    for spelling in [#""clé""#, #""cl\u00e9""#, #""cl\u00E9""#, #""\u0063lé""#] {
      #expect(passes(line(1, payload: #"{"agent": \#(spelling)}"#)) { $0.agent = "clé" }, "\(spelling)")
    }
    for spelling in [#""cle\u0301""#, #""cl""#, #""clé ""#, "null", "1", #"["clé"]"#] {
      #expect(!passes(line(1, payload: #"{"agent": \#(spelling)}"#)) { $0.agent = "clé" }, "\(spelling)")
    }
    #expect(!passes(line(1)) { $0.agent = "clé" })
    #expect(passes(line(1, payload: #"{"model": "a\/b\n"}"#)) { $0.model = "a/b\n" })
  }

  @Test func `all conditions hold together`() {
    let event = line(
      1, type: "T", payload: #"{"agent": "a", "model": "m", "role": "r", "wp_id": "w", "success": false}"#)
    func all(_ filter: inout EventFilter) {
      (filter.agent, filter.model, filter.role, filter.wpID) = ("a", "m", "r", "w")
      (filter.eventType, filter.success) = ("T", false)
    }
    #expect(passes(event, all))
    for field in [\EventFilter.agent, \.model, \.role, \.wpID, \.eventType] {
      let isOther = passes(event) { filter in
        all(&filter)
        filter[keyPath: field] = "?"
      }
      #expect(!isOther)
    }
  }

  @Test func `success is what Python takes for true and false`() {
    for (value, success) in [
      ("true", true), ("false", false), ("1", true), ("0", false), ("1.0", true), ("0e0", false), ("10", nil),
      ("2", nil),
      ("null", nil), (#""true""#, nil),
    ] {
      let event = line(1, payload: #"{"success": \#(value)}"#)
      #expect(passes(event) { $0.success = true } == (success == true), "\(value)")
      #expect(passes(event) { $0.success = false } == (success == false), "\(value)")
    }
    #expect(!passes(line(1)) { $0.success = false })
  }

  @Test func `a period includes its ends, and a time without an offset is one of UTC`() {
    let noon = "2026-02-16T12:00:00+00:00"
    for time in [noon, "2026-02-16T14:00:00+02:00", "2026-02-16 12:00", "1771243200", "2026-02-16T12:00:00Z"] {
      let spelling = time.allSatisfy(\.isNumber) ? time : "\"\(time)\""
      let text = String(decoding: line(1, at: "?"), as: UTF8.self).replacing("\"?\"", with: spelling)
      let event = Array(text.utf8)
      #expect(passes(event) { ($0.since, $0.until) = (DateBound(noon), DateBound("2026-02-16T12:00")) }, "\(time)")
      #expect(!passes(event) { $0.since = DateBound("2026-02-16T12:00:00.000001") }, "\(time)")
      #expect(!passes(event) { $0.until = DateBound("2026-02-16T13:59:59+02:00") }, "\(time)")
      #expect(!passes(event) { ($0.since, $0.until) = (DateBound("2026-02-17"), DateBound("2026-02-16")) }, "\(time)")
    }
  }

  @Test func `a feature is one whose name begins so`() {
    #expect(passes(line(1, feature: "043-x")) { $0.feature = NamePattern("04") })
    #expect(!passes(line(1, feature: "053-x")) { $0.feature = NamePattern("04") })
  }
}
