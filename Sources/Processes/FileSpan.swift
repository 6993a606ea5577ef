internal import Glibc
internal import SystemPackage

/// What a program writes into a file that is its standard output or error.
///
/// The program gets the file itself; what it has written is read afterwards, from where it began.
struct FileSpan {
  private let file: FileDescriptor
  private let start: Int64

  /// Begins where `sink` stands; `nil` when it is no file, or one that we may not read.
  init?(_ sink: FileDescriptor) {
    guard (try? sink.stat())?.type == .regular else { return nil }
    // The descriptor may be for writing only, and reading must not move it. This is another one of the same file, also
    // of one that has no name any more.
    let own = FilePath("/proc/self/fd/\(sink.rawValue)")
    guard let file = try? FileDescriptor.open(own, .readOnly, options: .closeOnExec) else { return nil }
    self.file = file
    let isAppending = fcntl(sink.rawValue, F_GETFL) & O_APPEND != 0
    start = (try? isAppending ? file.stat().size : sink.seek(offset: 0, from: .current)) ?? 0
  }

  /// A bounded copy of what has been written.
  func sample(marks: [[UInt8]]) -> [UInt8] {
    let end = (try? file.stat().size) ?? 0
    // Whoever has cut the file short has begun anew.
    let start = end < start ? 0 : start
    var sample = OutputSample(marks: marks)
    let whole = start..<end
    for range in marks.isEmpty ? OutputSample.ends(of: whole) : [whole] {
      if range.lowerBound > start { sample.skip() }
      append(range, to: &sample)
    }
    return sample.bytes
  }

  private func append(_ range: Range<Int64>, to sample: inout OutputSample) {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var position = range.lowerBound
    while position < range.upperBound {
      let wanted = Int(min(Int64(buffer.count), range.upperBound - position))
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        // What cannot be read any more says nothing.
        (try? unsafe file.read(
          fromAbsoluteOffset: position, into: UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(wanted)))) ?? 0
      }
      guard count > 0 else { return }
      sample.append(buffer[..<count])
      position += Int64(count)
    }
  }
}
