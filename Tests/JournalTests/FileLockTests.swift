import Glibc
import Journal
import SystemPackage
import TestSupport
import Testing

struct FileLockTests {
  private let files: Files
  private let lock: FilePath

  init() throws {
    files = try Files()
    lock = files.path("lock")
  }

  @Test(.timeLimit(.minutes(10))) func `a second holder waits no longer than it was told`() throws {
    let held = try FileLock(lock, within: .seconds(1))
    let start = ContinuousClock.now
    let error = try #require(failure { try FileLock(lock, within: .milliseconds(60)) })
    let waited = ContinuousClock.now - start
    #expect(error.kind == "locked")
    #expect(error.description.contains(lock.string))
    #expect(waited >= .milliseconds(60))
    #expect(waited < .seconds(20))
    _ = consume held
    _ = try FileLock(lock, within: FileLockTests.untilOthersHaveStarted)
  }

  /// A program that another test is just starting has this process's files for a moment, and so its locks.
  private static let untilOthersHaveStarted = Duration.seconds(60)

  @Test func `who gives the lock back lets the next one in`() throws {
    for _ in 0..<3 { _ = try FileLock(lock, within: FileLockTests.untilOthersHaveStarted) }
  }

  @Test func `a folder can be locked, and nothing is written to it`() throws {
    let held = try FileLock(files.folder, within: .zero)
    #expect(failure { try FileLock(files.folder, within: .milliseconds(5)) }?.kind == "locked")
    #expect(FileSystem.names(in: files.folder).isEmpty)
    _ = consume held
  }

  @Test func `a lock whose file was removed excludes nobody, and the next one holds`() throws {
    let first = try FileLock(lock, within: .zero)
    try FileSystem.remove(lock)
    let second = try FileLock(lock, within: .zero)
    #expect(failure { try FileLock(lock, within: .milliseconds(5)) }?.kind == "locked")
    _ = consume first
    #expect(failure { try FileLock(lock, within: .milliseconds(5)) }?.kind == "locked")
    _ = consume second
    _ = try FileLock(lock, within: .zero)
  }

  @Test(.timeLimit(.minutes(10))) func `a lock ends with its holder, however that ends`() throws {
    try files.shell("mkfifo ready")
    let holder = try files.start("exec 9>lock; flock 9; echo >ready; exec tail -f /dev/null")
    try files.shell("cat ready")
    #expect(failure { try FileLock(lock, within: .milliseconds(20)) }?.kind == "locked")
    kill(holder.processIdentifier, SIGKILL)
    _ = try holder.wait()
    _ = try FileLock(lock, within: .seconds(30))
  }

  @Test(arguments: ["no/lock", "link"]) func `what cannot be opened is an error`(name: String) throws {
    try files.shell("touch target; ln -s target link")
    guard case .system? = failure({ try FileLock(files.path(name), within: .zero) })?.code else {
      Issue.record("no error of the system")
      return
    }
  }
}
