import Events
import TestSupport

/// The lines of a log or of a note.
struct Lines {
  /// The events, in the order of the lines.
  private(set) var events: [Event] = []
  /// Everything else but empty lines.
  private(set) var others: [String] = []

  init(_ bytes: [UInt8]) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let blanks: Set<UInt8> = [0x09, 0x0D, 0x20]
      // Blanks around a line are no part of it.
      guard let start = line.firstIndex(where: { !blanks.contains($0) }),
        let end = line.lastIndex(where: { !blanks.contains($0) })
      else { continue }
      if let event = Event(line: Array(line[start...end])) {
        events.append(event)
      } else {
        others.append(String(decoding: line[start...end], as: UTF8.self))
      }
    }
  }

  /// The ids of the events, as often as they stand there.
  var ids: [String] { events.map(\.id.description) }

  /// What must stay when the lines are joined with others.
  var content: Set<String> { Set(ids).union(others.filter { !Lines.isMarker($0) }) }

  private static func isMarker(_ line: String) -> Bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].contains { line.hasPrefix($0) }
  }
}

extension Workshop {
  static let features = ["f", "g"]
  static let notes = "refs/notes/kitty-telemetry"

  func log(of feature: String) -> String { "kitty-specs/\(feature)/execution.events.jsonl" }
  func clock(of feature: String) -> String { "kitty-specs/\(feature)/.telemetry-clock.json" }

  /// The contents of objects that git has, by the names that were asked for.
  func objects(_ names: [String], at place: Place? = nil) throws -> [String: [UInt8]] {
    guard !names.isEmpty else { return [:] }
    let names = Array(Set(names)).sorted()
    let answer = try ask(["cat-file", "--batch"], at: place, input: names.map { $0 + "\n" }.joined()) ?? []
    var contents: [String: [UInt8]] = [:]
    var rest = answer[...]
    for name in names {
      guard let end = rest.firstIndex(of: 0x0A) else { break }
      let words = rest[..<end].split(separator: 0x20)
      rest = rest[(end + 1)...]
      // What git does not have is a name and the word `missing`.
      guard words.count == 3, let size = Int(String(decoding: words[2], as: UTF8.self)) else { continue }
      contents[name] = Array(rest.prefix(size))
      rest = rest.dropFirst(size + 1)
    }
    return contents
  }

  /// The notes as plain git shows them, by the commits that they are about.
  func notes() throws -> [String: Lines] {
    let listed = try lines(["notes", "--ref=kitty-telemetry", "list"]).map { $0.split(separator: " ").map(String.init) }
    let bodies = try objects(listed.map { $0[0] })
    return Dictionary(listed.map { ($0[1], Lines(bodies[$0[0]] ?? [])) }) { first, _ in first }
  }

  /// The commits that can be reached from what `arguments` name.
  func commits(_ arguments: [String], at place: Place? = nil) throws -> Set<String> {
    Set(try lines(["rev-list"] + arguments, at: place))
  }

  /// The commits that branches, tags, the stash or the HEAD of a worktree lead to.
  func liveCommits() throws -> Set<String> {
    try commits(["--exclude=\(Workshop.notes)", "--all"])
  }

  /// The commits that a merge in `place` waits to be made of, besides HEAD.
  func mergeHeads(at place: Place) -> [String] {
    String(decoding: read(place.gitDirectory + "/MERGE_HEAD") ?? [], as: UTF8.self).split(separator: "\n")
      .map(String.init)
  }

  /// The records of the journal: the ids, each with the commit that the last record gives it.
  func journal() -> [String: String?] {
    let folder = repository.path + "/.git/kitty-telemetry"
    let late = names(in: folder + "/late").flatMap { read("\(folder)/late/\($0)") ?? [] }
    var records: [String: String?] = [:]
    for line in ((read(folder + "/journal.jsonl") ?? []) + late).split(separator: 0x0A) {
      guard let record = JSONValue(Array(line))?.object, let event = record["line"],
        let id = Event(line: event.canonicalText)?.id.description
      else { continue }
      records[id] = .some(record["commit"]?.text)
    }
    return records
  }

  /// What a join may change: logs and clocks in a work tree, and the notes.
  func state(of place: Place) throws -> [[UInt8]?] {
    let files = Workshop.features.flatMap { [log(of: $0), clock(of: $0)] }
    return files.map { read("\(place.path)/\($0)") }
      + [try ask(["rev-parse", "--quiet", "--verify", Workshop.notes])]
  }
}
