import Git
import TestSupport
import Testing

struct DifferenceTests {
  private func difference(_ old: String, _ new: String) throws -> [String]? {
    let scratch = try TestRepository()
    let repository = try open(scratch.path)
    let names = [try repository.write(blob: Array(old.utf8)), try repository.write(blob: Array(new.utf8))]
    return try repository.difference(from: names[0], to: names[1]).map { difference in
      [String(decoding: difference.old, as: UTF8.self), String(decoding: difference.new, as: UTF8.self)]
    }
  }

  @Test(arguments: [
    ("", "", "", ""), ("a\n", "a\n", "", ""), ("", "a\n", "", "a\n"), ("a\n", "a\nb\n", "", "b\n"),
    ("a\nc\n", "a\nb\nc\n", "", "b\n"), ("ab\nac\n", "ab\nad\n", "ac\n", "ad\n"), ("xa\n", "ya\n", "xa\n", "ya\n"),
    ("a\na\n", "a\na\na\n", "", "a\n"), ("a", "ab", "a", "ab"), ("b\n", "a", "b\n", "a"),
  ])
  func `the common beginning and end are left out, whole lines at a time`(
    old: String, new: String, onlyOld: String, onlyNew: String
  ) throws {
    #expect(try difference(old, new) == [onlyOld, onlyNew])
    #expect(try difference(new, old) == [onlyNew, onlyOld])
  }

  @Test func `long texts differ where they differ`() throws {
    let lines = (0..<2000).map { "line \($0)\n" }
    let changed = lines[..<1500].joined() + "another\n" + lines[1501...].joined()
    #expect(try difference(lines.joined(), changed) == ["line 1500\n", "another\n"])
  }

  @Test func `of a blob that is absent nothing is known`() throws {
    let scratch = try TestRepository()
    let repository = try open(scratch.path)
    let blob = try repository.write(blob: [65])
    let absent = try id(String(repeating: "1", count: 40))
    #expect(try repository.difference(from: absent, to: blob) == nil)
    #expect(try repository.difference(from: blob, to: absent) == nil)
  }
}
