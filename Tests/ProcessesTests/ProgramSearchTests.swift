import Processes
import SystemPackage
import TestSupport
import Testing

/// Finding programs as shells do.
struct `Program search` {
  private func status(_ name: String, _ path: String?) -> Int32 {
    do throws(StartFailure) {
      _ = try ProgramSearch.find(name, in: path)
      return 0
    } catch {
      return error.status
    }
  }

  @Test func `the first folder that has an executable file of the name counts`() throws {
    let repository = try TestRepository()
    try repository.write("a/tool", "not executable")
    try repository.write("b/tool", "executable")
    try repository.write("c/tool/file", "a folder")
    let environment = repository.environment
    let result = try ChildProcess.run("chmod", ["+x", "b/tool"], in: repository.path, environment: environment)
    try #require(result.status == 0)
    let folders = ["a", "b", "c"].map { "\(repository.path)/\($0)" }
    let found = try ProgramSearch.find("tool", in: "/nosuch:" + folders.joined(separator: ":"))
    #expect(found == FilePath(folders[1]).appending("tool"))
    #expect(status("tool", "/nosuch") == 127 && status("tool", folders[0]) == 126 && status("tool", folders[2]) == 126)
  }

  @Test func `a name with a slash is a path, and nothing is no program`() throws {
    #expect(try ProgramSearch.find("./tool", in: "/bin") == "./tool")
    #expect(status("", "/bin") == 127)
    #expect(try ProgramSearch.find("sh", in: nil).lastComponent == "sh")
  }
}
