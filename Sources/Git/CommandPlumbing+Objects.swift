// Objects are read from a `git cat-file --batch` that lives as long as the plumbing: it is given a line, and prints
// `<id> <type> <size>`, the content and a line end, or `<line> missing`. Its sibling `--batch-check` prints no content.
// They are written by `git hash-object`, all kinds alike, so that what is written is what libgit2 would have written.
extension CommandPlumbing {
  /// What a name or an expression stands for.
  private struct Header {
    let id: ObjectID
    let type: String
    let size: Int
  }

  func contains(_ id: ObjectID) throws(GitError) -> Bool { try header(of: "\(id)") != nil }

  func commit(named expression: String) throws(GitError) -> ObjectID? {
    guard !expression.isEmpty, !expression.utf8.contains(where: { $0 == 0 || $0 == 0x0A }) else { return nil }
    return try commit(at: expression)
  }

  /// The commit that `expression`, which is one line, leads to through tags.
  func commit(at expression: String) throws(GitError) -> ObjectID? { try header(of: expression + "^{commit}")?.id }

  func commit(_ id: ObjectID) throws(GitError) -> Commit? {
    guard let bytes = try content(of: id, type: "commit") else { return nil }
    guard let commit = Commit(id, bytes) else { throw GitError(.other, "read commit \(id)", "it is malformed") }
    return commit
  }

  func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] { try rawTree(id).entries.map { TreeEntry($0) } }

  func entry(named name: String, in tree: ObjectID) throws(GitError) -> TreeEntry? {
    let name = [UInt8](name.utf8)
    return try rawTree(tree).entries.first { $0.name == name }.map { TreeEntry($0) }
  }

  func withBlobs<Result>(
    _ ids: [ObjectID], _ body: ([UnsafeRawBufferPointer]) -> Result
  ) throws(GitError) -> Result? {
    var blobs: [[UInt8]] = []
    for id in ids {
      guard let blob = try content(of: id, type: "blob") else { return nil }
      blobs.append(blob)
    }
    var lent: [UnsafeRawBufferPointer] = unsafe []
    return unsafe Self.lend(blobs[...], &lent, body)
  }

  private static func lend<Result>(
    _ blobs: ArraySlice<[UInt8]>, _ lent: inout [UnsafeRawBufferPointer], _ body: ([UnsafeRawBufferPointer]) -> Result
  ) -> Result {
    guard let blob = blobs.first else { return unsafe body(lent) }
    return unsafe blob.withUnsafeBytes { bytes in
      unsafe lent.append(bytes)
      return unsafe lend(blobs.dropFirst(), &lent, body)
    }
  }

  func blobSize(_ id: ObjectID) throws(GitError) -> Int? {
    guard let header = try header(of: "\(id)"), header.type == "blob" else { return nil }
    return header.size
  }

  func write(blob content: [UInt8]) throws(GitError) -> ObjectID { try write(content, as: "blob") }

  func writeTree(
    from base: ObjectID?, setting entries: [TreeEntry], removing names: [String]
  ) throws(GitError) -> ObjectID {
    var tree = try base.map { base throws(GitError) in try rawTree(base) } ?? RawTree()
    tree.change(setting: entries, removing: names)
    return try write(tree.bytes, as: "tree")
  }

  func writeCommit(tree: ObjectID, parents: [ObjectID], message: String) throws(GitError) -> ObjectID {
    let text = Commit.text(
      tree: tree, parents: parents, author: try signature(role: "AUTHOR"),
      committer: try signature(role: "COMMITTER"), message: message)
    return try write(text, as: "commit")
  }

  private func signature(role: String) throws(GitError) -> Signature {
    let candidates = [
      Signature(name: try configuration("user.name"), email: try configuration("user.email")),
      Signature(name: Git.environment("GIT_\(role)_NAME"), email: Git.environment("GIT_\(role)_EMAIL")),
      Signature(name: "kitty-git-telemetry", email: "kitty-git-telemetry@localhost"),
    ]
    guard let signature = candidates.compactMap(\.self).first else {
      throw GitError(.other, "sign a commit", "there is no name to do it in")
    }
    return signature
  }

  private func write(_ content: [UInt8], as type: String) throws(GitError) -> ObjectID {
    let attempt = "write a \(type) of \(content.count) bytes"
    let outcome = try run(["hash-object", "-t", type, "-w", "--stdin"], input: content, attempt)
    guard outcome.status == 0, let id = ObjectID(hex: outcome.text) else {
      throw GitError(.other, attempt, outcome.reason)
    }
    return id
  }

  private func rawTree(_ id: ObjectID) throws(GitError) -> RawTree {
    guard let bytes = try content(of: id, type: "tree") else {
      throw GitError(.notFound, "read tree \(id)", "this clone does not have it")
    }
    guard let tree = RawTree(bytes, nameLength: nameLength) else {
      throw GitError(.other, "read tree \(id)", "it is malformed")
    }
    return tree
  }

  /// The content of an object; `nil` when it is absent or of another type.
  private func content(of id: ObjectID, type: String) throws(GitError) -> [UInt8]? {
    try talk { () throws(GitError) in
      let attempt = "read \(type) \(id)"
      let process: GitProcess
      if let contents {
        process = contents
      } else {
        process = try start(["cat-file", "--batch"], attempt)
        contents = process
      }
      guard let header = try ask(process, "\(id)", attempt) else { return nil }
      let content = try process.bytes(header.size)
      guard content.count == header.size, try process.bytes(1).count == 1 else { throw ended(process, attempt) }
      return header.type == type ? content : nil
    }
  }

  /// What `expression`, which is one line, stands for; `nil` when that is nothing.
  private func header(of expression: String) throws(GitError) -> Header? {
    try talk { () throws(GitError) in
      let attempt = "look for \(expression)"
      let process: GitProcess
      if let names {
        process = names
      } else {
        process = try start(["cat-file", "--batch-check"], attempt)
        names = process
      }
      return try ask(process, expression, attempt)
    }
  }

  private func ask(_ process: GitProcess, _ line: String, _ attempt: String) throws(GitError) -> Header? {
    try process.send([UInt8]((line + "\n").utf8))
    guard let answer = try process.line() else {
      // In a partial clone some gits end where they may not fetch what they lack: it is absent, as it is for the others.
      guard process.lastComplaint?.contains("from promisor remote") == true else { throw ended(process, attempt) }
      (contents, names) = (nil, nil)
      return nil
    }
    let words = String(decoding: answer, as: UTF8.self).split(separator: " ")
    guard words.count == 3, let id = ObjectID(hex: words[0]), let size = Int(words[2]) else { return nil }
    return Header(id: id, type: String(words[1]), size: size)
  }

  /// The failure of a git that has ended before it answered.
  private func ended(_ process: GitProcess, _ attempt: String) -> GitError {
    GitError(.other, attempt, process.lastComplaint ?? "git has ended")
  }
}
