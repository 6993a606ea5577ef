internal import Glibc
package import SystemPackage

/// The folder that relative paths begin at.
package enum CurrentFolder {
  /// Goes to `folder`, also for the programs that are started from now on.
  package static func change(to folder: FilePath) throws(Errno) {
    guard unsafe folder.withPlatformString({ unsafe chdir($0) }) == 0 else { throw Errno(rawValue: errno) }
  }
}

/// What this program was called with.
package enum OwnArguments {
  /// The words in bytes, the program's name first.
  package static var words: [[UInt8]] {
    (0..<Int(CommandLine.argc)).compactMap { index in
      unsafe CommandLine.unsafeArgv[index].map { word in
        unsafe Array(UnsafeRawBufferPointer(start: word, count: strlen(word)))
      }
    }
  }
}
