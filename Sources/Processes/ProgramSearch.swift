internal import CSystemCalls
internal import Glibc
package import SystemPackage

/// Why a program could not be started, in the way of shells.
package struct StartFailure: Error, CustomStringConvertible, Sendable {
  /// The exit status that shells give: 127 when there is no such program, 126 when it cannot be run.
  package let status: Int32
  /// The sentence.
  package let description: String

  /// Creates a failure from what the system said about `program`.
  init(_ program: String, _ errno: Errno, isThere: Bool = false) {
    let isAbsent = errno == .noSuchFileOrDirectory
    status = isAbsent && !isThere ? 127 : 126
    let reason = !isAbsent ? "\(errno)" : isThere ? "its interpreter is missing" : "there is no such program"
    description = "cannot run \(program): \(reason)"
  }
}

/// Finds programs as shells do.
package enum ProgramSearch {
  /// The file that `name` stands for: itself when it holds a slash, else the first executable one of that name in the
  /// folders of `path`.
  package static func find(_ name: String, in path: String?) throws(StartFailure) -> FilePath {
    guard !name.isEmpty else { throw StartFailure("a program without a name", .noSuchFileOrDirectory) }
    guard !name.contains("/") else { return FilePath(name) }
    var failure = Errno.noSuchFileOrDirectory
    // Without a variable the system has its own places; an empty folder is the one we are in.
    let folders = (path ?? "/bin:/usr/bin").split(separator: ":", omittingEmptySubsequences: false)
    for folder in folders {
      let file = FilePath(folder.isEmpty ? "." : String(folder)).appending(name)
      guard let status = try? file.stat() else { continue }
      let mayRun = unsafe file.withPlatformString { unsafe faccessat(AT_FDCWD, $0, X_OK, AT_EACCESS) } == 0
      if status.type == .regular, mayRun { return file }
      failure = .permissionDenied
    }
    throw StartFailure(name, failure)
  }
}
