/// References as git keeps them in files, read without git: `HEAD`, one file for each, and `packed-refs`.
struct FileReferences {
  private let layout: RepositoryLayout

  init(_ layout: RepositoryLayout) {
    self.layout = layout
  }

  /// Where the work tree stands; `nil` where the files do not say so, as when references are kept otherwise.
  func head() -> Head? {
    guard let text = SmallFile.text("\(layout.gitDirectory)/HEAD") else { return nil }
    let prefix = "ref: "
    guard text.hasPrefix(prefix) else { return ObjectID(hex: text).map { Head(detachedAt: $0) } }
    let branch = String(text.dropFirst(prefix.count))
    // What stands there when tables hold the references.
    guard branch != "refs/heads/.invalid" else { return nil }
    return Head(branch: branch, commit: commit(of: branch))
  }

  private func commit(of branch: String) -> ObjectID? {
    if let loose = SmallFile.text("\(layout.commonDirectory)/\(branch)") { return ObjectID(hex: loose) }
    // `<id> <name>` each, beside comments and what tags lead to.
    let packed = SmallFile.text("\(layout.commonDirectory)/packed-refs") ?? ""
    for line in packed.split(separator: "\n") where line.hasSuffix(" \(branch)") {
      return ObjectID(hex: line.dropLast(branch.count + 1))
    }
    return nil
  }
}
