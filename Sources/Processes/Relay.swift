internal import CSystemCalls
internal import Glibc
internal import Synchronization
internal import SystemPackage

/// Passes on what a program prints, as it prints it, and keeps a sample of it.
///
/// It has a thread of its own: a reader of one stream who is slow does not hold up the other, and whoever writes waits
/// for who reads, as if they were directly connected.
///
/// It is a class because its thread and the one that started it share it.
final class Relay: Sendable {
  private let source: FileDescriptor
  private let sink: FileDescriptor
  private let end: Int32
  private let kept: Mutex<OutputSample>
  /// Whether somebody may still write, and somebody still reads.
  private let isOpen = Mutex(true)
  private let thread = Mutex<pthread_t?>(nil)

  private static let bufferSize = 256 << 10

  /// Begins to pass on from `source`, a pipe, to `sink`.
  init(from source: FileDescriptor, to sink: FileDescriptor, marks: [[UInt8]]) throws(Errno) {
    self.source = source
    self.sink = sink
    kept = Mutex(OutputSample(marks: marks))
    end = make_event()
    guard end >= 0 else { throw Errno(rawValue: errno) }
  }

  /// Starts the thread.
  func start() throws(Errno) {
    var thread = pthread_t()
    let error = unsafe pthread_create(
      &thread, nil,
      { context in
        if let context = unsafe context { unsafe Unmanaged<Relay>.fromOpaque(context).takeRetainedValue().pump() }
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    guard error == 0 else { throw Errno(rawValue: error) }
    self.thread.withLock { $0 = thread }
  }

  /// Passes on what has been printed up to now, and returns what was kept; true when the pipe still has a writer, who
  /// was left behind by the program that has ended.
  func finish() -> (sample: [UInt8], isOpen: Bool) {
    raise_event(end)
    if let thread = thread.withLock({ $0 }) { pthread_join(thread, nil) }
    close(end)
    return (kept.withLock { $0.bytes }, isOpen.withLock { $0 })
  }

  private func pump() {
    var buffer = [UInt8](repeating: 0, count: Relay.bufferSize)
    /// How much was in the pipe when the program had ended; what comes later is not its own.
    var remaining: Int?
    while remaining != 0 {
      var polled = [source.rawValue, end].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard unsafe poll(&polled, remaining == nil ? 2 : 1, -1) > 0 else { continue }
      if remaining == nil, polled[1].revents != 0 {
        remaining = Int(bytes_in_pipe(source.rawValue))
        continue
      }
      let count = take(into: &buffer, atMost: remaining ?? Relay.bufferSize)
      guard count > 0, pass(buffer[..<count]) else {
        isOpen.withLock { $0 = false }
        return
      }
      remaining = remaining.map { $0 - count }
    }
    var polled = pollfd(fd: source.rawValue, events: Int16(POLLIN), revents: 0)
    let hasEnded = unsafe poll(&polled, 1, 0) > 0 && polled.revents & Int16(POLLIN) == 0
    if hasEnded { isOpen.withLock { $0 = false } }
  }

  /// Reads what there is; 0 at the end, and where reading fails.
  private func take(into buffer: inout [UInt8], atMost limit: Int) -> Int {
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      // Interrupted calls are made again; there is nobody to tell of another failure than the stream's end.
      unsafe (try? source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(limit)))) ?? 0
    }
    return count
  }

  /// Writes everything and keeps a sample; false when nobody reads any more, which the program is to find out too.
  private func pass(_ bytes: ArraySlice<UInt8>) -> Bool {
    kept.withLock { $0.append(bytes) }
    do {
      try sink.write(whole: bytes)
    } catch {
      // Closing our end lets the program's next write fail, as it would have without us.
      try? source.close()
      return false
    }
    return true
  }
}
