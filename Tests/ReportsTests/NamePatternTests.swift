import Events
import Reports
import Testing

/// Patterns for the names of features.
struct `Patterns for names` {
  @Test func `a pattern matches what Python's glob matches`() throws {
    let document = try #require(JSONValue(try fixture("patterns.json"))?.object)
    guard case .array(let names)? = document["names"], case .array(let cases)? = document["cases"] else {
      Issue.record("no names and cases")
      return
    }
    #expect(cases.count > 200)
    for row in cases {
      let text = try #require(row.object?["pattern"]?.text)
      let pattern = NamePattern(text)
      let matches = names.indices.filter { names[$0].text.map(pattern.matches) ?? false }.map { JSONValue.integer($0) }
      #expect(row.object?["matches"] == .array(matches), "\(text)")
    }
  }
}
