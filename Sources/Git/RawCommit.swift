internal import Glibc

// A commit as git keeps it: lines `tree <id>`, `parent <id>` for each, `author <name> <<email>> <seconds> <zone>`,
// `committer` likewise, perhaps more that a line beginning with a space continues; an empty line; the message.

extension Commit {
  /// Reads the commit `id`; `nil` when it is malformed.
  init?(_ id: ObjectID, _ bytes: [UInt8]) {
    let parts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let end = parts.firstIndex { $0.isEmpty } ?? parts.endIndex
    var tree: ObjectID?
    var parents: [ObjectID] = []
    var author: Author?
    var committer: Author?
    for part in parts[..<end] {
      let line = String(decoding: part, as: UTF8.self)
      let value = line.drop { $0 != " " }.dropFirst()
      switch line.prefix(while: { $0 != " " }) {
      case "tree" where tree == nil: tree = ObjectID(hex: value)
      case "parent" where author == nil:
        guard let parent = ObjectID(hex: value) else { return nil }
        parents.append(parent)
      case "author" where author == nil: author = Author(value)
      case "committer" where committer == nil: committer = Author(value)
      default: break
      }
    }
    guard let tree else { return nil }
    let message = end < parts.endIndex ? bytes[parts[end].endIndex...].drop { $0 == UInt8(ascii: "\n") } : []
    self.init(
      id: id, tree: tree, parents: parents, message: String(decoding: message, as: UTF8.self),
      time: committer?.time ?? 0, author: author ?? Author(name: "", email: "", time: 0))
  }

  /// The text of a commit.
  static func text(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
  ) -> [UInt8] {
    var lines = ["tree \(tree)"]
    lines += parents.map { "parent \($0)" }
    lines += ["author \(author)", "committer \(committer)", "", message]
    return [UInt8](lines.joined(separator: "\n").utf8)
  }
}

extension Commit.Author {
  /// Reads `<name> <<email>> <seconds> <zone>`; what cannot be made out is empty.
  fileprivate init(_ text: Substring) {
    guard let open = text.lastIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close else {
      self.init(name: "", email: "", time: 0)
      return
    }
    let seconds = text[text.index(after: close)...].split(separator: " ").first
    self.init(
      name: text[..<open].trimmed, email: text[text.index(after: open)..<close].trimmed,
      time: seconds.flatMap { Int64($0) } ?? 0)
  }
}

/// Who makes a commit now, as the commit says it.
struct Signature: CustomStringConvertible {
  let name: String
  let email: String

  /// An identity that git would take; `nil` when it would not.
  init?(name: String?, email: String?) {
    guard let name, let email, !(name + email).contains(where: { "<>\n\0".contains($0) }) else { return nil }
    (self.name, self.email) = (name[...].trimmed, email[...].trimmed)
    guard !self.name.isEmpty, !self.email.isEmpty else { return nil }
  }

  var description: String {
    var now = time(nil)
    var parts = unsafe tm()
    unsafe localtime_r(&now, &parts)
    let minutes = unsafe parts.tm_gmtoff / 60
    let zone = String(abs(minutes) / 60 * 100 + abs(minutes) % 60)
    let digits = String(repeating: "0", count: max(0, 4 - zone.count)) + zone
    return "\(name) <\(email)> \(now) \(minutes < 0 ? "-" : "+")\(digits)"
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var rest = self
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
