import Foundation
import Glibc
import Journal
import SystemPackage
import TestSupport
import Testing

/// Appending while the log is taken away, as git does it: at any time between opening it and looking at it again.
struct LogRaceTests {
  private let files: Files
  private let log: LogFile

  init() throws {
    files = try Files()
    log = LogFile(in: files.folder)
  }

  /// Runs `body` while another thread gives the log other names as fast as it can.
  private func whileRenamed(_ body: () throws -> Void) rethrows {
    let (path, folder) = (log.path.string, files.folder.string)
    let (enough, stopped) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    Thread {
      var number = 0
      while enough.wait(timeout: .now()) == .timedOut {
        if unsafe rename(path, "\(folder)/\(number)") == 0 { number += 1 }
      }
      stopped.signal()
    }.start()
    defer {
      enough.signal()
      stopped.wait()
    }
    try body()
  }

  /// How often each line stands in the files of the folder, which are removed.
  private func collectLines() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for name in FileSystem.names(in: files.folder) {
      for line in try files.text(of: files.path(name)).split(separator: "\n") { counts[String(line), default: 0] += 1 }
      try FileSystem.remove(files.path(name))
    }
    return counts
  }

  @Test func `a line is written again when its log was taken away meanwhile`() throws {
    var repeats = 0
    for _ in 0..<200 where repeats == 0 {
      var stored: [String] = []
      whileRenamed {
        for number in 0..<100 {
          // Who finds the log gone each time gives up, and has promised nothing.
          guard let error = failure({ try log.append([bytes("\(number)")]) }) else {
            stored.append("\(number)")
            continue
          }
          #expect(error.kind == "changedMeanwhile")
        }
      }
      let counts = try collectLines()
      #expect(stored.allSatisfy { counts[$0] != nil })
      repeats += counts.values.count { $0 > 1 }
    }
    #expect(repeats > 0)
  }
}
