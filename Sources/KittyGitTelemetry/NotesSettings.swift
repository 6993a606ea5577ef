internal import Journal
internal import SystemPackage

// What git does with our notes is set in the repository's configuration:
//
//   [notes]
//     rewriteRef = refs/notes/kitty-telemetry*   commits that are amended or rebased keep their notes
//     rewriteMode = cat_sort_uniq                two notes that come together are joined line by line
//     displayRef = refs/notes/kitty-telemetry*   git log shows them, if that is wanted
//
// The pattern is for git's sake: about a name that does not exist yet, as before the first event, it complains at each
// amendment. The mode holds for the notes of others too, whose prose must not be sorted: it is only set where nobody
// else lets notes follow commits. Without it git puts an empty line between two notes, which readers skip.

/// What setup has git do with our notes.
struct NotesSettings {
  private let place: SetupPlace
  private let pattern: String

  init(at place: SetupPlace) {
    self.place = place
    pattern = place.notesRef + "*"
  }

  /// How a line of ours ends, to tell it from one that somebody has changed.
  private static let mark = "  # kitty-git-telemetry"

  /// The configuration with our block.
  ///
  /// Notes that are shown once are shown until setup is undone.
  func file(displaying: Bool) throws(JournalError) -> SetupFile {
    var lines = ["[notes]", line("rewriteRef", pattern)]
    if try setsMode { lines.append(line("rewriteMode", NotesSettings.mode)) }
    let isDisplaying = try present.contains { $0.hasPrefix("\tdisplayRef") }
    if displaying || isDisplaying { lines.append(line("displayRef", pattern)) }
    return file(lines)
  }

  /// What is left undone, and why.
  var advice: [String] {
    get throws(JournalError) {
      let others = try othersRewritten.map(printable).joined(separator: ", ")
      let isOpen = try self.others("rewriteMode").isEmpty
      guard !others.isEmpty, isOpen else { return [] }
      return ["notes.rewriteMode stays as it is, since it also holds for \(others)"]
    }
  }

  private static let mode = "cat_sort_uniq"

  private func line(_ key: String, _ value: String) -> String { "\t\(key) = \(value)\(NotesSettings.mark)" }

  private func file(_ lines: [String]) -> SetupFile {
    let mark = NotesSettings.mark
    return SetupFile(
      path: FileSystem.resolved(place.commonDirectory.appending("config")),
      block: MarkedBlock(lines: lines) { $0.hasSuffix(mark) }, purpose: "notes follow commits that git makes anew",
      isLockedByGit: true)
  }

  /// The lines of ours that the configuration has now.
  private var present: [String] {
    get throws(JournalError) {
      let text = String(decoding: try file([]).content() ?? [], as: UTF8.self)
      return text.split(whereSeparator: \.isNewline).map(String.init).filter { $0.hasSuffix(NotesSettings.mark) }
    }
  }

  /// The references of others whose notes follow commits.
  var othersRewritten: [String] {
    get throws(JournalError) { try others("rewriteRef").filter { $0 != pattern && $0 != place.notesRef } }
  }

  /// The values of a setting but for those that we have given it.
  private func others(_ key: String) throws(JournalError) -> [String] {
    var values = place.settings["notes.\(key.lowercased())"] ?? []
    for own in try present where own.hasPrefix("\t\(key) = ") {
      let value = own.dropFirst("\t\(key) = ".count).dropLast(NotesSettings.mark.count)
      if let position = values.firstIndex(of: String(value)) { values.remove(at: position) }
    }
    return values
  }

  private var setsMode: Bool {
    get throws(JournalError) {
      let others = try (othersRewritten, others("rewriteMode"))
      return others.0.isEmpty && others.1.isEmpty
    }
  }
}
