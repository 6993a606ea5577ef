/// The name of a feature's folder, or a feature's slug, compared by its bytes.
///
/// Two spellings of `é` are two folders to git and to the file system, and one `String` to Swift.
struct FeatureName: Hashable, Comparable, CustomStringConvertible {
  /// The name.
  let description: String

  /// Creates a name.
  init(_ name: String) { description = name }

  static func == (left: FeatureName, right: FeatureName) -> Bool {
    left.description.utf8.elementsEqual(right.description.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in description.utf8 { hasher.combine(byte) }
  }

  static func < (left: FeatureName, right: FeatureName) -> Bool {
    left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
  }
}
