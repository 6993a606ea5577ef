internal import Git

/// One tree of a notes tree: the root, or a directory that stands for the first digits of the names below it.
///
/// A level is either flat, its entries named by all the digits that are left, or split into directories named by the
/// next two. Trees of other tools may mix the two; entries that are neither are none of our business and stay.
struct NotesLevel {
  /// The digits that the directories above stand for.
  let prefix: String
  /// The notes kept at this level, by the rest of their digits.
  private(set) var flat: [String: ObjectID] = [:]
  /// The directories, by their two digits.
  private(set) var directories: [String: ObjectID] = [:]
  /// The two-digit names that something other than a directory has taken.
  private(set) var taken: Set<String> = []

  /// Reads the level that `tree` is; `nil` stands for an empty one.
  init(_ tree: ObjectID?, prefix: String, in repository: borrowing Repository) throws(GitError) {
    self.prefix = prefix
    guard let tree else { return }
    for entry in try repository.tree(tree) where entry.name.isLowerHex {
      let isShort = entry.name.utf8.count == 2 && canSplit
      let digits = prefix.utf8.count + entry.name.utf8.count
      switch entry.kind {
      case .tree where isShort: directories[entry.name] = entry.id
      case .blob where digits == 40 || digits == 64: flat[entry.name] = entry.id
      default: if isShort { taken.insert(entry.name) }
      }
    }
  }

  /// Whether directories below this level would leave digits for the names in them.
  private var canSplit: Bool { prefix.utf8.count < 38 }

  /// The notes kept at this level itself.
  var notes: [Note] {
    flat.compactMap { rest, blob in ObjectID(hex: prefix + rest).map { Note(annotated: $0, blob: blob) } }
  }

  /// The digits that name `annotated` at this level.
  func rest(of annotated: ObjectID) -> String {
    String(annotated.description.dropFirst(prefix.utf8.count))
  }

  /// Whether notes are at the same places here and in `other`, as far as directories and names tell.
  func isLaidOut(as other: NotesLevel) -> Bool {
    flat.isEmpty == other.flat.isEmpty && directories.isEmpty == other.directories.isEmpty || isEmpty || other.isEmpty
  }

  private var isEmpty: Bool { flat.isEmpty && directories.isEmpty }

  /// Whether this level is to be split once `names`, each the rest of an object's digits, are there too.
  ///
  /// It stays split when it is. Otherwise git's rule holds: as soon as each of the sixteen possible first digits
  /// begins two names, there are likely to be many. Keeping git's rule keeps git from rewriting our trees, and lets
  /// equal sets of notes be equal trees whoever wrote them.
  func isSplit(with names: some Collection<String>) -> Bool {
    guard directories.isEmpty else { return true }
    guard canSplit, flat.count + names.count >= 32 else { return false }
    var counts: [UInt8: Int] = [:]
    for name in Set(flat.keys).union(names) {
      guard let digit = name.utf8.first else { continue }
      counts[digit, default: 0] += 1
    }
    return counts.count == 16 && counts.values.allSatisfy { $0 >= 2 }
  }
}

extension String {
  /// Whether there is nothing in it but the digits of an object's name as git writes them.
  fileprivate var isLowerHex: Bool {
    utf8.allSatisfy { character in
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
      default: false
      }
    }
  }
}
