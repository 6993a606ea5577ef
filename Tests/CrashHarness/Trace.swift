import TestSupport

/// The writing system calls that a command makes.
struct Trace {
  /// How often a process makes each call; of opening files only the calls that may create or change one are listed.
  private(set) var points: [(call: String, number: Int)] = []

  /// The calls that write.
  ///
  /// Those that a machine does not know are passed over.
  private static let calls = [
    "chmod", "fallocate", "fchmod", "fchmodat", "fchown", "fdatasync", "flock", "fsync", "ftruncate", "link", "linkat",
    "mkdir", "mkdirat", "openat", "pwrite64", "pwritev", "rename", "renameat", "renameat2", "rmdir", "symlink",
    "symlinkat", "truncate", "unlink", "unlinkat", "write", "writev",
  ]

  /// The words in front of a command whose calls are written to a file.
  ///
  /// Without `--seccomp-bpf`, which would be faster, and with which strace 6.1 sends no signals.
  static func command(to file: String, calls: [String] = Trace.calls) -> [String] {
    ["strace", "-f", "-qq", "-o", file, "-e", "trace=" + calls.map { "?\($0)" }.joined(separator: ",")]
  }

  /// Whether commands can be traced here; otherwise why not.
  static func obstacle() -> String? {
    let attempt = try? ChildProcess.run("strace", ["-f", "-qq", "true"], in: "/", environment: ["PATH": path])
    guard let attempt, attempt.status != 127 else { return "strace is not installed; run: apt-get install strace" }
    return attempt.status == 0 ? nil : "strace may not trace here: \(attempt.errorText)"
  }

  /// Reads what strace has written: a line for each call, which begins with the number of the process.
  init(_ text: String) {
    var counts: [String: [String: Int]] = [:]
    var writing: [String: Set<Int>] = [:]
    var repeats: [Substring: Int] = [:]
    for line in text.split(separator: "\n") {
      guard let space = line.firstIndex(of: " "), let parenthesis = line.firstIndex(of: "(") else { continue }
      let call = line[space..<parenthesis].drop { $0 == " " }
      guard call.allSatisfy({ $0.isLowercase || $0.isNumber }) else { continue }
      let number = counts[String(line[..<space]), default: [:]][String(call), default: 0] + 1
      counts[String(line[..<space]), default: [:]][String(call)] = number
      // Whoever waits makes the same call again and again.
      repeats[line, default: 0] += 1
      if repeats[line, default: 0] > 3 { continue }
      let changes = line.contains("O_CREAT") || line.contains("O_WRONLY") || line.contains("O_RDWR")
      if call != "openat" || changes && !line.contains("\"/dev/") { writing[String(call), default: []].insert(number) }
    }
    points = writing.sorted { $0.key < $1.key }.flatMap { call, numbers in numbers.sorted().map { (call, $0) } }
  }

  /// How many processes strace has killed, according to what it has written.
  static func kills(in text: String) -> Int { text.split(separator: "\n").count { $0.contains("killed by SIGKILL") } }

  /// Whether a thread could not wake another one up: that is no file, and never fails without us.
  static func keepsThreadAsleep(_ text: String) -> Bool {
    text.split(separator: "\n").contains { $0.contains(#""\1\0\0\0\0\0\0\0", 8)"#) && $0.contains("(INJECTED)") }
  }

  /// How many calls strace has made to fail.
  static func failures(in text: String) -> Int { text.split(separator: "\n").count { $0.contains("(INJECTED)") } }
}
