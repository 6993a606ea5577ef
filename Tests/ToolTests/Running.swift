import Events
import Foundation
import TestSupport
import Testing

/// Running agents that are shell scripts, in a worktree of the work package WP01 of the feature `f`.
extension TestRepository {
  /// A repository whose main work tree is on the branch of WP01, so that its names say where events belong.
  convenience init(workPackage branch: String) throws {
    try self.init("--initial-branch=\(branch)")
    try commit("Begin")
  }

  /// Runs a script with the program's path in `$tool`; `input` is its standard input, and its own output goes to pipes.
  func shell(
    _ script: String, environment: [String: String] = [:], input: [UInt8] = [], in directory: String? = nil
  ) throws -> ProcessResult {
    let variables = ["tool": try toolPath(), "LLVM_PROFILE_FILE": "/dev/null"].merging(environment) { $1 }
    return try ChildProcess.run(
      "bash", ["-c", script], in: directory ?? path, environment: toolEnvironment.merging(variables) { $1 },
      input: input)
  }

  /// Writes an executable script below the repository's folder and returns the folder for `PATH`.
  @discardableResult
  func agent(_ name: String, _ script: String) throws -> String {
    try write("../bin/\(name)", "#!/bin/sh\n\(script)\n")
    try run("chmod", "+x", "\(folder.path)/bin/\(name)")
    return "\(folder.path)/bin:\(toolEnvironment["PATH"] ?? "")"
  }

  /// The only event that was recorded for `f`.
  func onlyEvent(sourceLocation: SourceLocation = #_sourceLocation) throws -> Event {
    let all = events(lines(log()), sourceLocation: sourceLocation)
    try #require(all.count == 1, "\(all.count) events", sourceLocation: sourceLocation)
    return all[0]
  }
}
