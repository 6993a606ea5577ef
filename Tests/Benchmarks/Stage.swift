import Foundation
import TestSupport

/// Repositories of the sizes that the goals name.
extension TestRepository {
  /// Makes `count` commits on the branch that is checked out, one after the other, and files beside them in the last.
  func grow(commits count: Int, files: [(path: String, content: String)] = []) throws {
    var stream = ""
    for number in 1...count {
      stream += "commit refs/heads/main\nmark :\(number)\n"
      stream += "committer Test Person <test@example.com> \(1_600_000_000 + number) +0000\ndata 0\n"
    }
    for file in files {
      stream += "M 100644 inline \(file.path)\ndata \(file.content.utf8.count)\n\(file.content)\n"
    }
    // What the branch had before is not part of its new history.
    try git("fast-import", "--quiet", "--force", input: Array(stream.utf8))
    try git("reset", "--quiet", "--hard")
  }

  /// Gives the oldest commits a note each, in git's own layout.
  func note(_ bodies: [String]) throws {
    let commits = try git("rev-list", "--reverse", "--max-count=\(bodies.count)", "--skip=0", "--all")
      .split(separator: "\n")
    var stream = "commit refs/notes/kitty-telemetry\n"
    stream += "committer Test Person <test@example.com> 1600000000 +0000\ndata 0\n"
    for (commit, body) in zip(commits, bodies) {
      stream += "N inline \(commit)\ndata \(body.utf8.count)\n\(body)\n"
    }
    try git("fast-import", "--quiet", input: Array(stream.utf8))
  }

  /// Makes a commit that has no note yet; nothing is asked of the work tree, however large it is.
  func commitNothing() throws { try git("commit", "--quiet", "--allow-empty", "--message=Next") }

  /// The bytes in loose objects, and how many there are of them.
  func looseObjects() throws -> (count: Int, bytes: Int) {
    var total = (count: 0, bytes: 0)
    let objects = path + "/.git/objects"
    for folder in try FileManager.default.contentsOfDirectory(atPath: objects) where folder.utf8.count == 2 {
      for file in try FileManager.default.contentsOfDirectory(atPath: "\(objects)/\(folder)") {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(objects)/\(folder)/\(file)")
        total.count += 1
        total.bytes += (attributes[.size] as? Int) ?? 0
      }
    }
    return total
  }

  /// How many lines the note of `HEAD` has, blank ones left out.
  func linesOfNote() throws -> Int {
    let shown = try attempt(["notes", "--ref=kitty-telemetry", "show", "HEAD"])
    return shown.status == 0 ? shown.outputText.split(separator: "\n").count : 0
  }

  /// Where a feature's log is, in the work tree at `directory` or the repository's own.
  func logPath(_ feature: String, in directory: String? = nil) -> String {
    "\(directory ?? path)/kitty-specs/\(feature)/execution.events.jsonl"
  }
}

/// Writes so many lines to a file, piece by piece, and returns how many bytes they have.
@discardableResult
func write(_ count: Int, of lines: inout EventLines, to path: String, appending: Bool = false) throws -> Int {
  let url = URL(fileURLWithPath: path)
  try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  if !appending { try Data().write(to: url) }
  let file = try FileHandle(forWritingTo: url)
  defer { file.closeFile() }
  try file.seekToEnd()
  var piece = ""
  var bytes = 0
  for number in 0..<count {
    piece += lines.next()
    guard piece.utf8.count > 1 << 20 || number == count - 1 else { continue }
    bytes += piece.utf8.count
    try file.write(contentsOf: Data(piece.utf8))
    piece = ""
  }
  return bytes
}

/// How many bytes a file has.
func size(of path: String) throws -> Int {
  (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
}
