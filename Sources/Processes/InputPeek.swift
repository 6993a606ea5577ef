internal import CSystemCalls
internal import Glibc
internal import SystemPackage

/// Looks at what waits on standard input without taking it: the program that it is meant for reads all of it.
///
/// A file is read without moving in it, a pipe is duplicated, a socket is looked into. A terminal is left alone.
struct InputPeek {
  private enum Kind {
    case file, pipe, socket, other
  }

  private let kind: Kind
  /// What was seen.
  private(set) var bytes: [UInt8] = []
  /// Whether looking again may show something.
  private(set) var mayShowMore: Bool

  /// How much is looked at, in bytes: what a pipe holds.
  private static let length = 64 << 10

  init() {
    let type = (try? FileDescriptor.standardInput.stat())?.type
    kind =
      switch type {
      case .some(.regular): .file
      case .some(.fifo): .pipe
      case .some(.socket): .socket
      default: .other
      }
    mayShowMore = kind != .other
  }

  /// Looks once, without waiting.
  mutating func look() {
    guard mayShowMore else { return }
    switch kind {
    case .file: lookIntoFile()
    case .pipe: lookIntoPipe()
    case .socket: lookIntoSocket()
    case .other: return
    }
    // What comes first has been seen; what comes later is no beginning.
    if !bytes.isEmpty { mayShowMore = false }
  }

  private mutating func lookIntoFile() {
    mayShowMore = false
    guard let position = try? FileDescriptor.standardInput.seek(offset: 0, from: .current) else { return }
    var buffer = [UInt8](repeating: 0, count: InputPeek.length)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      // A file that cannot be read shows nothing.
      (try? unsafe FileDescriptor.standardInput.read(fromAbsoluteOffset: position, into: bytes)) ?? 0
    }
    bytes = Array(buffer[..<count])
  }

  private mutating func lookIntoPipe() {
    var ends: [Int32] = [-1, -1]
    guard unsafe make_pipe(&ends) == 0 else { return }
    defer { for end in ends { close(end) } }
    let copied = copy_pipe(STDIN_FILENO, ends[1], InputPeek.length)
    // Nothing at all is the end of the pipe; a failure means that there is nothing yet.
    if copied == 0 { mayShowMore = false }
    guard copied > 0 else { return }
    var buffer = [UInt8](repeating: 0, count: copied)
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(ends[0], $0.baseAddress, $0.count) }
    bytes = Array(buffer.prefix(max(0, count)))
  }

  private mutating func lookIntoSocket() {
    var buffer = [UInt8](repeating: 0, count: InputPeek.length)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe recv(STDIN_FILENO, bytes.baseAddress, bytes.count, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT))
    }
    if count == 0 { mayShowMore = false }
    bytes = Array(buffer.prefix(max(0, count)))
  }
}
