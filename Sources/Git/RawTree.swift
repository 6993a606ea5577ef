// A tree as git keeps it: for each entry `<mode> <name>\0` and the bytes of the object's name, ordered by name, a folder
// as if its name ended with a slash.

/// The entries of a tree, byte for byte.
struct RawTree {
  /// One entry; what is not changed keeps the spelling of its mode.
  struct Entry {
    let mode: [UInt8]
    let name: [UInt8]
    let id: ObjectID

    /// Whether it comes before `other` in a tree.
    func precedes(_ other: Entry) -> Bool { sortKey.lexicographicallyPrecedes(other.sortKey) }

    private var sortKey: [UInt8] { kind == .tree ? name + [UInt8(ascii: "/")] : name }

    var kind: TreeEntry.Kind {
      switch String(decoding: mode, as: UTF8.self) {
      case "40000", "040000": .tree
      case "120000": .link
      case "160000": .commit
      default: .blob
      }
    }
  }

  private(set) var entries: [Entry] = []

  /// A tree without entries.
  init() {}

  /// Reads a tree whose objects' names have `nameLength` bytes; `nil` when it is malformed.
  init?(_ bytes: [UInt8], nameLength: Int) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let zero = rest[space...].firstIndex(of: 0),
        rest.endIndex - zero > nameLength, let id = ObjectID(bytes: rest[(zero + 1)...].prefix(nameLength))
      else { return nil }
      entries.append(Entry(mode: Array(rest[..<space]), name: Array(rest[(space + 1)..<zero]), id: id))
      rest = rest[(zero + 1 + nameLength)...]
    }
  }

  /// The tree as git keeps it.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      bytes += entry.mode
      bytes.append(UInt8(ascii: " "))
      bytes += entry.name
      bytes.append(0)
      bytes += entry.id.bytes
    }
    return bytes
  }

  /// Removes `names` and then puts `additions` in the place of what has their names.
  mutating func change(setting additions: [TreeEntry], removing names: [String]) {
    let gone = Set(names.map { [UInt8]($0.utf8) } + additions.map { [UInt8]($0.name.utf8) })
    entries.removeAll { gone.contains($0.name) }
    // Of several additions of one name the last counts.
    let last = Dictionary(additions.map { ([UInt8]($0.name.utf8), $0) }) { $1 }
    entries += last.map { Entry(mode: [UInt8]($1.kind.digits.utf8), name: $0, id: $1.id) }
    entries.sort { $0.precedes($1) }
  }
}

extension TreeEntry {
  init(_ raw: RawTree.Entry) {
    self.init(name: String(decoding: raw.name, as: UTF8.self), id: raw.id, kind: raw.kind)
  }
}

extension TreeEntry.Kind {
  /// The mode as git spells it in a tree.
  fileprivate var digits: String {
    switch self {
    case .blob: "100644"
    case .tree: "40000"
    case .link: "120000"
    case .commit: "160000"
    }
  }
}
