import TestSupport
import Testing

/// Repositories without a work tree.
struct `A bare repository` {
  @Test func `is read at a reference, and healed elsewhere`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let ids = try repository.workPackage("WP01")
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01")
    try repository.merged()
    try repository.commit("Record the telemetry")
    let bare = repository.folder.path + "/bare"
    try repository.git("clone", "--quiet", "--bare", repository.path, bare)
    let notes = "refs/notes/kitty-telemetry"
    try repository.git("fetch", "--quiet", repository.path, "\(notes):\(notes)", in: bare)
    for command in ["merge", "repair"] {
      let refused = try repository.tool(command, in: bare)
      #expect(refused.status == 1 && refused.errorText.contains("a bare repository has no work tree"))
    }
    let read = try repository.tool("query", "--ref", "main", "--jsonl", in: bare)
    #expect(read.status == 0, "\(read.errorText)")
    #expect(try read.output == repository.read(repository.log()))
    #expect(ids.count == 2)
    let verified = try repository.tool("verify", "--ref", "main", in: bare)
    #expect(verified.status == 0, "\(verified.outputText)\(verified.errorText)")
    try repository.git("update-ref", "-d", notes, in: bare)
    #expect(try repository.tool("verify", "--ref", "main", in: bare).status == 1)
  }
}
