package import Events

/// What the journal knows of one event: its line, and where it was recorded.
package struct JournalRecord: Sendable {
  /// The event's line, byte for byte.
  package let event: [UInt8]
  /// The feature's folder below the top of the work tree, or an absolute path outside of it.
  package let directory: String
  /// The name of the linked worktree, empty in the main one.
  package let worktree: String
  /// The full name of the branch that was checked out; `nil` when HEAD was detached.
  package let branch: String?
  /// HEAD when the event was recorded; `nil` before the first commit.
  package let head: String?
  /// The commit that carries the event; `nil` while it waits for one.
  package let commit: String?
  /// The id of the event; `nil` when the line is no event.
  package var eventID: EventID? {
    let bytes = event.span
    return LineScanner.envelope(of: bytes.indices, in: bytes)?.id
  }

  /// The name of the feature's folder.
  package var feature: String {
    directory.split(separator: "/").last.map(String.init) ?? directory
  }

  /// Whether the next commit made in the worktree shall carry the event.
  package var waits: Bool { commit == nil }

  /// Creates a record.
  package init(
    event: [UInt8], directory: String, worktree: String, branch: String?, head: String?, commit: String?
  ) {
    self.event = event
    self.directory = directory
    self.worktree = worktree
    self.branch = branch
    self.head = head
    self.commit = commit
  }

  /// The record of the same event once it has a commit.
  package func carried(by commit: String) -> JournalRecord {
    JournalRecord(
      event: event, directory: directory, worktree: worktree, branch: branch, head: head, commit: commit)
  }

  /// Reads a record's line; `nil` when it is none.
  package init?(line: [UInt8]) {
    // The event may be nested as deep as the limit allows, so the rest of the record is read without it.
    guard let event = JSONScanner.range(ofMember: "line", in: line.span),
      let members = JSONValue(line[..<event.lowerBound] + Array("null".utf8) + line[event.upperBound...])?.object,
      let directory = members["directory"]?.text
    else { return nil }
    self.event = Array(line[event])
    self.directory = directory
    worktree = members["worktree"]?.text ?? ""
    branch = members["branch"]?.text
    head = members["head"]?.text
    commit = members["commit"]?.text
  }

  /// How the lines of all records from a worktree end.
  static func ending(of worktree: String) -> [UInt8] {
    Array(#""worktree": "#.utf8) + JSONValue.string(worktree).canonicalText + Array("}".utf8)
  }

  private static let eventKey = Array(#", "line": "#.utf8)

  /// The record's line, without its end.
  package var line: [UInt8] {
    func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    let before = JSONObject([
      ("branch", optional(branch)), ("commit", optional(commit)), ("directory", .string(directory)),
      ("head", optional(head)),
    ])
    let after = JSONObject([("waits", .bool(waits)), ("worktree", .string(worktree))])
    // The event stands between the two as it is: encoding it again could spell it differently.
    return JSONValue.object(before).canonicalText.dropLast() + JournalRecord.eventKey + event + Array(", ".utf8)
      + JSONValue.object(after).canonicalText.dropFirst()
  }
}
