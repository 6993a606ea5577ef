package import Git

// Trees that git would not have written: libgit2 never splits a level, and puts a new note beside the directories of
// one that git has split. Reading takes such trees as they are; a tree is put in order on request.
extension NotesTree {
  /// What is unusual about the layout of a tree of notes.
  package enum Irregularity: Hashable, Sendable {
    /// A level has notes both at the level itself and in directories.
    case mixed
    /// A level that git would have split is not, so that every write copies all of it.
    case flat
  }

  /// Returns what is unusual about the tree `root`.
  package static func irregularities(
    of root: ObjectID?, in repository: borrowing Repository
  ) throws(GitError) -> Set<Irregularity> {
    var found: Set<Irregularity> = []
    try collect(&found, at: "", in: root, of: repository)
    return found
  }

  private static func collect(
    _ found: inout Set<Irregularity>, at prefix: String, in tree: ObjectID?, of repository: borrowing Repository
  ) throws(GitError) {
    let level = try NotesLevel(tree, prefix: prefix, in: repository)
    if !level.movable.isEmpty {
      if !level.directories.isEmpty {
        found.insert(.mixed)
      } else if level.isSplit(with: []) {
        found.insert(.flat)
      }
    }
    for (digits, directory) in level.directories {
      try collect(&found, at: prefix + digits, in: directory, of: repository)
    }
  }

  /// Returns the tree that holds the notes of `root` as git lays them out: `root` itself where nothing is unusual.
  package static func regular(
    _ root: ObjectID, of repository: borrowing Repository
  ) throws(GitError) -> ObjectID {
    try regular(root, at: "", of: repository)
  }

  private static func regular(
    _ tree: ObjectID, at prefix: String, of repository: borrowing Repository
  ) throws(GitError) -> ObjectID {
    let split = try setting([], at: prefix, in: tree, of: repository)
    let level = try NotesLevel(split, prefix: prefix, in: repository)
    var entries: [TreeEntry] = []
    for (digits, directory) in level.directories {
      let regular = try regular(directory, at: prefix + digits, of: repository)
      if regular != directory { entries.append(TreeEntry(name: digits, id: regular, kind: .tree)) }
    }
    return entries.isEmpty ? split : try repository.writeTree(from: split, setting: entries)
  }
}

extension NotesLevel {
  /// The notes of this level that would go into directories if it is to be split.
  fileprivate var movable: [Note] {
    notes.filter { !taken.contains(String(rest(of: $0.annotated).prefix(2))) }
  }
}
