import Git
import TestSupport
import Testing

struct ObjectIDTests {
  @Test(arguments: [
    "0123456789abcdef0123456789abcdef01234567", "ffffffffffffffffffffffffffffffffffffffff",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  ])
  func `a name is spelled as it was read`(hex: String) {
    #expect(ObjectID(hex: hex)?.description == hex)
    #expect(ObjectID(hex: hex.uppercased())?.description == hex)
    #expect(ObjectID(hex: hex)?.count == hex.utf8.count / 2)
  }

  @Test(arguments: [
    "", "0123", "0123456789abcdef0123456789abcdef0123456g", "0123456789abcdef0123456789abcdef012345678",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
  ])
  func `what is not forty or sixty-four digits names nothing`(hex: String) {
    #expect(ObjectID(hex: hex) == nil)
  }

  @Test func `names are ordered by their bytes`() throws {
    let low = try id("00ff000000000000000000000000000000000000")
    let middle = try id("00ff000000000000000000000000000000000001")
    let high = try id("f000000000000000000000000000000000000000")
    #expect([high, low, middle].sorted() == [low, middle, high])
  }

  @Test func `a short and a long name that begin alike are two names`() throws {
    let short = try id(String(repeating: "0", count: 40))
    let long = try id(String(repeating: "0", count: 64))
    #expect(short != long)
    #expect(short < long)
  }
}
