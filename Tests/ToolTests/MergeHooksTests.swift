import Events
import TestSupport
import Testing

/// `merge --commit` where git runs hooks.
struct `A commit of the log` {
  /// Two lines of a hook that records, or notes what waits, and keeps what is said in a file beside the repository.
  private func recording(_ repository: TestRepository) throws -> String {
    let tool = try toolPath()
    return """
      \(tool) emit --role reviewer --feature f --wp-id WP-hook --json >>'\(repository.folder.path)/said' 2>&1
      \(tool) emit --flush >>'\(repository.folder.path)/said' 2>&1

      """
  }

  private func install(_ script: String, as hook: String, in folder: String, _ repository: TestRepository) throws {
    try repository.write("\(folder)/\(hook)", "#!/bin/sh\n\(script)")
    try repository.run("chmod", "+x", "\(folder)/\(hook)")
  }

  @Test(arguments: [".git/hooks", ".husky"])
  func `does not wait for itself when hooks record`(folder: String) throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.write(".git/info/exclude", ".husky\n\(repository.log("*"))\n\(repository.clock("*"))\n")
    if folder != ".git/hooks" { try repository.git("config", "core.hooksPath", folder) }
    var ids = try repository.workPackage("WP01")
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01")
    let script = try recording(repository)
    for hook in ["pre-commit", "post-commit"] { try install(script, as: hook, in: folder, repository) }
    try repository.write("staged.txt", "staged\n")
    try repository.git("add", "staged.txt")

    let result = try repository.tool("merge", "--commit", "--json")
    #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
    let said = repository.lines("\(repository.folder.path)/said")
    let recorded = said.compactMap { JSONValue(Array($0.utf8))?.object }
    #expect(recorded.count == 2 && said.count == 2, "\(said)")
    for document in recorded {
      // Whoever waits for the lock in vain leaves the note for later.
      #expect(document["result"]?.text == "success" && document["note"]?.text == "written", "\(said)")
      ids.append(try #require(document["event_id"]?.text))
    }
    let committed = try repository.git("show", "--name-only", "--format=", "HEAD").split(separator: "\n")
    #expect(committed.map(String.init) == [repository.clock(), repository.log()])
    #expect(try repository.git("diff", "--cached", "--name-only") == "staged.txt")
    try repository.merged()
    try repository.expectHome(ids)
  }
}
