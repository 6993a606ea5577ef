internal import CLibgit2

/// One named thing in a tree.
package struct TreeEntry: Hashable, Sendable {
  /// What an entry can be.
  package enum Kind: Sendable {
    /// A file, executable or not.
    case blob
    /// A folder.
    case tree
    /// A symbolic link.
    case link
    /// A submodule's commit.
    case commit
  }

  /// The name, with malformed UTF-8 repaired.
  package let name: String
  /// The object the name stands for.
  package let id: ObjectID
  /// What that object is to the tree.
  package let kind: Kind

  /// Creates the entry `name` of a tree to be written.
  package init(name: String, id: ObjectID, kind: Kind) {
    self.name = name
    self.id = id
    self.kind = kind
  }
}

extension TreeEntry {
  /// Copies an entry that libgit2 lends out.
  init?(_ entry: OpaquePointer?) {
    guard let entry = unsafe entry, let name = unsafe git_tree_entry_name(entry),
      let id = unsafe ObjectID(git_tree_entry_id(entry))
    else { return nil }
    self.init(name: unsafe String(cString: name), id: id, kind: Kind(unsafe git_tree_entry_filemode(entry)))
  }
}

extension TreeEntry.Kind {
  init(_ mode: git_filemode_t) {
    self =
      switch mode {
      case GIT_FILEMODE_TREE: .tree
      case GIT_FILEMODE_LINK: .link
      case GIT_FILEMODE_COMMIT: .commit
      default: .blob
      }
  }

  var mode: git_filemode_t {
    switch self {
    case .blob: GIT_FILEMODE_BLOB
    case .tree: GIT_FILEMODE_TREE
    case .link: GIT_FILEMODE_LINK
    case .commit: GIT_FILEMODE_COMMIT
    }
  }
}
