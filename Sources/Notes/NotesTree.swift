package import Git

/// Notes as git lays them out in a tree: functions from a root tree to a root tree, with no reference in sight.
///
/// A note about the object `a94a8f…` is a blob at `a94a8f…`, at `a9/4a8f…` or at `a9/4a/8f…`: git keeps a small
/// number of notes flat and splits a level into directories as it grows. The trees written here are the ones that git
/// itself writes for the same notes. Where a tree of another tool names one object more than once, all of its notes
/// are read, and a write that meets them leaves one.
package enum NotesTree {
  /// Returns the blobs that annotate `annotated` in the tree `root`: none, one, or one for each spelling of its name.
  package static func blobs(
    annotating annotated: ObjectID, in root: ObjectID?, of repository: borrowing Repository
  ) throws(GitError) -> [ObjectID] {
    // Entries are asked for by name. The directories on the way are long, and all else in them is of no matter.
    var blobs: [ObjectID] = []
    var directory = root
    var rest = annotated.description
    while let tree = directory {
      if let entry = try repository.entry(at: rest, in: tree), entry.kind == .blob { blobs.append(entry.id) }
      guard rest.utf8.count > 2, let below = try repository.entry(at: String(rest.prefix(2)), in: tree),
        below.kind == .tree
      else { break }
      directory = below.id
      rest.removeFirst(2)
    }
    return blobs
  }

  /// Returns the blobs that annotate each of `annotated` in the tree `root`; objects without a note are left out.
  ///
  /// Each directory on the way is read once, however many objects it leads to.
  package static func blobs(
    annotating annotated: some Sequence<ObjectID>, in root: ObjectID?, of repository: borrowing Repository
  ) throws(GitError) -> [ObjectID: [ObjectID]] {
    var blobs: [ObjectID: [ObjectID]] = [:]
    try collect(&blobs, Array(Set(annotated)), at: "", in: root, of: repository)
    return blobs
  }

  /// Returns all notes in the tree `root`, by the annotated objects' names.
  package static func notes(
    in root: ObjectID?, of repository: borrowing Repository
  ) throws(GitError) -> [Note] {
    var notes: [Note] = []
    try collect(&notes, at: "", in: root, of: repository)
    return notes.sorted { ($0.annotated, $0.blob) < ($1.annotated, $1.blob) }
  }

  /// Returns the notes of the tree `new` that the tree `old` does not have, or has with another text.
  ///
  /// Directories that the two share are not read, so the cost is that of the difference.
  package static func changes(
    from old: ObjectID?, to new: ObjectID?, in repository: borrowing Repository
  ) throws(GitError) -> [Note] {
    var changes: [Note] = []
    try collect(changes: &changes, at: "", from: old, to: new, in: repository)
    return changes
  }

  /// Returns `root` with each of `notes` in it, in place of all notes about the same object.
  ///
  /// Entries that are no notes stay. The cost is that of the directories on the way, however many notes there are;
  /// only a level that has grown enough to be split, or that was left half split, is written whole.
  package static func setting(
    _ notes: [Note], in root: ObjectID?, of repository: borrowing Repository
  ) throws(GitError) -> ObjectID {
    try write(notes, at: "", onto: root, of: repository)
  }

  /// As ``setting(_:in:of:)``, for the level below the digits of `prefix`.
  static func setting(
    _ notes: [Note], at prefix: String, in tree: ObjectID, of repository: borrowing Repository
  ) throws(GitError) -> ObjectID {
    try write(notes, at: prefix, onto: tree, of: repository)
  }
}

extension NotesTree {
  private static func collect(
    _ blobs: inout [ObjectID: [ObjectID]], _ annotated: [ObjectID], at prefix: String, in tree: ObjectID?,
    of repository: borrowing Repository
  ) throws(GitError) {
    guard tree != nil, !annotated.isEmpty else { return }
    let level = try NotesLevel(tree, prefix: prefix, in: repository)
    var below: [String: [ObjectID]] = [:]
    for object in annotated {
      let rest = level.rest(of: object)
      if let blob = level.flat[rest] { blobs[object, default: []].append(blob) }
      let digits = String(rest.prefix(2))
      if level.directories[digits] != nil { below[digits, default: []].append(object) }
    }
    for (digits, objects) in below {
      try collect(&blobs, objects, at: prefix + digits, in: level.directories[digits], of: repository)
    }
  }

  private static func collect(
    _ notes: inout [Note], at prefix: String, in tree: ObjectID?, of repository: borrowing Repository
  ) throws(GitError) {
    let level = try NotesLevel(tree, prefix: prefix, in: repository)
    notes.append(contentsOf: level.notes)
    for (digits, directory) in level.directories {
      try collect(&notes, at: prefix + digits, in: directory, of: repository)
    }
  }

  private static func collect(
    changes: inout [Note], at prefix: String, from old: ObjectID?, to new: ObjectID?,
    in repository: borrowing Repository
  ) throws(GitError) {
    guard old != new else { return }
    let before = try NotesLevel(old, prefix: prefix, in: repository)
    let after = try NotesLevel(new, prefix: prefix, in: repository)
    guard before.isLaidOut(as: after) else {
      // One of the two has been split since: their directories say nothing about each other.
      var notes: [Note] = []
      try collect(&notes, at: prefix, in: old, of: repository)
      let known = Set(notes)
      notes = []
      try collect(&notes, at: prefix, in: new, of: repository)
      changes += notes.filter { !known.contains($0) }
      return
    }
    let known = Set(before.notes)
    changes += after.notes.filter { !known.contains($0) }
    for (digits, directory) in after.directories {
      try collect(
        changes: &changes, at: prefix + digits, from: before.directories[digits], to: directory, in: repository)
    }
  }

  private static func write(
    _ notes: [Note], at prefix: String, onto tree: ObjectID?, of repository: borrowing Repository
  ) throws(GitError) -> ObjectID {
    let level = try NotesLevel(tree, prefix: prefix, in: repository)
    guard level.isSplit(with: notes.lazy.map { level.rest(of: $0.annotated) }) else {
      return try repository.writeTree(from: tree, setting: notes.map { level.entry($0) })
    }

    var entries: [TreeEntry] = []
    var removed: [String] = []
    var below: [String: [Note]] = [:]
    let replaced = level.flat.isEmpty ? [] : Set(notes.map(\.annotated))
    for note in level.notes where !replaced.contains(note.annotated) {
      guard let moved = try joined(note, with: level, of: repository) else { continue }
      below[level.directory(of: note), default: []].append(moved)
      removed.append(level.rest(of: note.annotated))
    }
    for note in notes {
      let rest = level.rest(of: note.annotated)
      let digits = level.directory(of: note)
      // A name of two digits that is no directory is not ours to remove, so its notes cannot move.
      if level.taken.contains(digits) {
        entries.append(level.entry(note))
        continue
      }
      below[digits, default: []].append(note)
      if level.flat[rest] != nil { removed.append(rest) }
    }
    for (digits, notes) in below {
      let directory = try write(notes, at: prefix + digits, onto: level.directories[digits], of: repository)
      entries.append(TreeEntry(name: digits, id: directory, kind: .tree))
    }
    return try repository.writeTree(from: tree, setting: entries, removing: removed)
  }

  /// Returns what a note kept at `level` becomes in its directory; `nil` when it has to stay.
  ///
  /// Another note about the same object may be there already. Then the two are joined line after line; if one of them
  /// is absent from this clone, or too large to be read, both stay where they are, since a join without it would lose it.
  private static func joined(
    _ note: Note, with level: NotesLevel, of repository: borrowing Repository
  ) throws(GitError) -> Note? {
    let digits = level.directory(of: note)
    guard !level.taken.contains(digits) else { return nil }
    var found: [ObjectID: [ObjectID]] = [:]
    try collect(&found, [note.annotated], at: level.prefix + digits, in: level.directories[digits], of: repository)
    let others = found[note.annotated, default: []].filter { $0 != note.blob }
    guard !others.isEmpty else { return note }
    var text: [UInt8] = []
    for blob in [note.blob] + others {
      guard case .bytes(let body) = try repository.note(blob) else { return nil }
      text.append(contentsOf: body)
      if !body.isEmpty, body.last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
    }
    guard text.count <= Note.maximumSize else { return nil }
    return Note(annotated: note.annotated, blob: try repository.write(blob: text))
  }
}

extension NotesLevel {
  /// Returns the entry that keeps `note` at this level.
  fileprivate func entry(_ note: Note) -> TreeEntry {
    TreeEntry(name: rest(of: note.annotated), id: note.blob, kind: .blob)
  }

  /// Returns the two digits of the directory that `note` belongs to when this level is split.
  fileprivate func directory(of note: Note) -> String {
    String(rest(of: note.annotated).prefix(2))
  }
}
