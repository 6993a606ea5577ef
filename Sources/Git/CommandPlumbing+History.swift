extension CommandPlumbing {
  func mergeBase(of one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
    let attempt = "find the base of \(one) and \(other)"
    let outcome = try run(["merge-base", "\(one)", "\(other)"], within: Self.longPatience, attempt)
    guard outcome.status < 2 else { throw GitError(.other, attempt, outcome.reason) }
    return outcome.text.split(separator: "\n").first.flatMap { ObjectID(hex: $0) }
  }

  func walk(
    from starts: [ObjectID], hiding hidden: [ObjectID], firstParentOnly: Bool,
    _ visit: (ObjectID) throws(GitError) -> Bool
  ) throws(GitError) {
    guard !starts.isEmpty else { return }
    let attempt = "walk the history of \(layout.commonDirectory)"
    let arguments = ["rev-list", "--stdin"] + (firstParentOnly ? ["--first-parent"] : [])
    let process = try start(arguments, within: Self.longPatience, attempt)
    let names = starts.map { "\($0)\n" } + hidden.map { "^\($0)\n" }
    try process.send([UInt8](names.joined().utf8))
    process.closeInput()
    while let line = try process.line() {
      guard let id = ObjectID(hex: String(decoding: line, as: UTF8.self)) else { continue }
      // A git that is not listened to any more ends with its value.
      guard try visit(id) else { return }
    }
    let outcome = try process.finish()
    guard outcome.status == 0 else { throw GitError(.other, attempt, outcome.reason) }
  }
}
