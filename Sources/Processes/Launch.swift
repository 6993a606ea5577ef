internal import CSystemCalls
internal import Glibc
internal import SystemPackage

/// A program that is about to be started.
struct Launch {
  let path: FilePath
  /// Its name as it sees it, and its arguments, in bytes.
  let words: [[UInt8]]
  /// What becomes standard input, output and error; `nil` leaves them as they are.
  var input: FileDescriptor?
  var output: FileDescriptor?
  var errors: FileDescriptor?
  /// Whether it dies when this process is killed.
  var diesWithParent = false
  /// Whether it gets a session of its own, which signals to this process's group do not reach.
  var leadsSession = false

  /// Starts it with the environment of this process and the signals that this process was started with.
  ///
  /// - Throws: ``Errno`` of what failed.
  func start(with signals: InheritedSignals) throws(Errno) -> pid_t {
    var process: pid_t = 0
    let error = unsafe path.withPlatformString { path in
      var arguments = unsafe words.map { word in
        unsafe (word + [0]).withUnsafeBytes { bytes in
          unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress.flatMap { unsafe strdup($0) }
        }
      }
      unsafe arguments.append(nil)
      defer { unsafe arguments.forEach { unsafe free($0) } }
      return unsafe arguments.withUnsafeMutableBufferPointer { arguments in
        var what = unsafe launch()
        unsafe what.path = path
        unsafe what.arguments = unsafe UnsafePointer(arguments.baseAddress)
        unsafe what.input = input?.rawValue ?? -1
        unsafe what.output = output?.rawValue ?? -1
        unsafe what.errors = errors?.rawValue ?? -1
        unsafe what.blocked = signals.blocked
        unsafe what.ignored = signals.ignored
        unsafe what.defaulted = signals.defaulted
        unsafe what.dies_with_parent = diesWithParent
        unsafe what.leads_session = leadsSession
        return unsafe launch_program(&what, &process)
      }
    }
    guard error == 0 else { throw Errno(rawValue: error) }
    return process
  }
}
