internal import Events
internal import Glibc
internal import Synchronization
internal import SystemPackage

/// Two threads, where there are processors for them and enough to do.
package struct Threads: Workers {
  /// The environment variable that bounds the number of threads, for those who measure, or share a machine.
  package static let variable = "KITTY_TELEMETRY_THREADS"

  /// Below this size, in bytes, starting a thread takes longer than it saves.
  private static let worthwhileSize = 4 << 20

  /// Creates the threads; none is started before there is something to do.
  package init() {}

  package func share(_ bytes: Int) -> Bool { bytes >= Threads.worthwhileSize && Threads.bound > 1 }

  /// How many threads there may be.
  private static var bound: Int {
    let wanted = unsafe getenv(variable).flatMap { unsafe Int(String(cString: $0)) }
    return min(processors, max(1, wanted ?? 2))
  }

  /// On how many processors the system lets this process run: `taskset` and containers take some away.
  private static var processors: Int {
    guard let file = try? FileDescriptor.open(FilePath("/proc/self/status"), .readOnly, options: .closeOnExec),
      let text = try? file.closeAfter({ try FileSystem.readToEnd(file) }),
      let line = text.split(separator: 0x0A).first(where: { $0.starts(with: "Cpus_allowed:".utf8) })
    else { return 1 }
    return line.drop { $0 != UInt8(ascii: "\t") }.reduce(0) { count, digit in
      count + (Character(Unicode.Scalar(digit)).hexDigitValue?.nonzeroBitCount ?? 0)
    }
  }

  package func both<First: Sendable, Second: Sendable>(
    _ first: @escaping @Sendable () -> First, _ second: @escaping @Sendable () -> Second
  ) -> (First, Second) {
    let result = Result<Second>()
    let work = Work { result.value.withLock { $0 = second() } }
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { work in
        unsafe work.map { unsafe Unmanaged<Work>.fromOpaque($0).takeUnretainedValue().run() }
        return nil
      }, Unmanaged.passUnretained(work).toOpaque())
    let mine = first()
    if status == 0 { pthread_join(thread, nil) }
    // Without a thread, the work is still to be done.
    return withExtendedLifetime(work) { (mine, result.value.withLock { $0.take() } ?? second()) }
  }

  /// What the other thread does.
  private final class Work: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// What came of it.
  private final class Result<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}
