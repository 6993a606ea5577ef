import Events
import Foundation
import Glibc
import Journal
import SystemPackage
import TestSupport
import Testing

/// A disk that takes only a part of a write, played by the limit on the size of files.
///
/// The limit is the process's, so it is set far above what other tests write, and the log has a hole below it.
@Suite(.serialized) struct ShortWriteTests {
  private static let limit: UInt64 = 1 << 40
  private let files: Files

  init() throws { files = try Files() }

  /// Runs `body` while no file of this process can grow beyond the limit.
  private func limited(_ body: () throws -> Void) throws {
    // The signal would end the process; without it the write says that the file is too large.
    _ = signal(SIGXFSZ, SIG_IGN)
    let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    var before = rlimit()
    try #require(unsafe getrlimit(resource, &before) == 0)
    var lowered = before
    lowered.rlim_cur = rlim_t(ShortWriteTests.limit)
    try #require(unsafe setrlimit(resource, &lowered) == 0)
    defer { _ = unsafe setrlimit(resource, &before) }
    try body()
  }

  /// A log with room for `room` bytes.
  private func log(room: UInt64) throws -> LogFile {
    let log = LogFile(in: files.folder)
    try files.write("", to: log.path)
    let handle = try FileHandle(forWritingTo: URL(filePath: log.path.string))
    try handle.truncate(atOffset: ShortWriteTests.limit - room - 1)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("\n".utf8))
    try handle.close()
    return log
  }

  @Test func `a line that does not fit leaves no fragment`() throws {
    let log = try log(room: 10)
    try limited {
      #expect(failure { try log.append([bytes("more than ten bytes")]) }?.kind == "incomplete")
      #expect(try log.path.stat().size == Int64(ShortWriteTests.limit) - 10)
      try log.append([bytes("nine char")])
      #expect(try log.tail(bytes: 11) == bytes("nine char\n"))
      #expect(failure { try log.append([bytes("x")]) }?.kind == "system(File too large)")
    }
    #expect(try log.path.stat().size == Int64(ShortWriteTests.limit))
  }
}
