internal import Glibc
internal import Processes
internal import SystemPackage

/// Shows people at a terminal what takes a while.
enum Progress {
  private static let start = ContinuousClock.now
  private static let isTerminal = isatty(FileDescriptor.standardError.rawValue) == 1

  /// From this much time on, something is shown.
  private static let patience: Duration = .seconds(1)

  /// Shows an activity, once the command has taken longer than a person likes to wait in the dark.
  static func shown(_ activity: String, _ done: Int, _ total: Int) {
    guard isTerminal, ContinuousClock.now - start > patience else { return }
    let share = total > 1 ? " \(done * 100 / total) %" : ""
    write("\r\u{1B}[K\(activity)\(share)")
  }

  /// Takes the activity off the screen.
  static func clear() {
    guard isTerminal, ContinuousClock.now - start > patience else { return }
    write("\r\u{1B}[K")
  }

  private static func write(_ text: String) {
    // Nobody can be told that standard error is closed.
    try? FileDescriptor.standardError.write(whole: Array(text.utf8)[...])
  }
}
