internal import ArgumentParser
internal import Events
internal import Glibc
internal import KittyGitTelemetry
internal import Processes
internal import SystemPackage

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .customShort("C"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Work from this folder.", valueName: "dir"))
  var directories: [String] = []

  /// The folder to work from.
  var directory: FilePath { CommonOptions.directory(directories) }

  /// The folder that several options lead to: each `-C` is read from the one before, as in git.
  static func directory(_ directories: [String]) -> FilePath {
    let path = directories.reduce(into: FilePath()) { $0 = $0.pushing(FilePath($1)) }
    return path.isEmpty ? "." : path
  }
}

/// Standard output for data, standard error for talk.
enum Console {
  /// Prints one JSON document.
  static func show(_ json: JSONValue) {
    show(json.canonicalText + [0x0A])
  }

  /// Prints lines.
  static func show(_ text: String) {
    show(Array((text + "\n").utf8))
  }

  /// Prints bytes as they are; answers false when nobody reads them any more.
  @discardableResult
  static func show(_ bytes: [UInt8]) -> Bool {
    switch write(bytes) {
    case nil: return true
    // The reader has seen enough, and there is nobody left to tell.
    case .brokenPipe?: return false
    case let errno?:
      say("error: cannot write to standard output: \(errno)")
      exit(1)
    }
  }

  /// Prints bytes as they are; answers with what kept them from being written.
  static func write(_ bytes: [UInt8]) -> Errno? {
    do {
      try FileDescriptor.standardOutput.write(whole: bytes[...])
      return nil
    } catch {
      return error
    }
  }

  /// Says something to the person who runs the command.
  static func say(_ text: String) {
    // Nobody can be told that standard error is closed.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { plain(String($0)) }
    try? FileDescriptor.standardError.write(whole: Array((lines.joined(separator: "\n") + "\n").utf8)[...])
  }

  /// Says why the command failed, and how it exits.
  static func failure(_ error: TelemetryError) -> ExitCode {
    say("error: \(error.message)")
    return error.code == .usage ? ExitCode(64) : ExitCode(1)
  }

  /// Whether a person reads standard output directly.
  static let isTerminal = isatty(STDOUT_FILENO) == 1

  /// `text` with control characters replaced, so that data never acts on a terminal.
  static func plain(_ text: String) -> String {
    if text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { acts(on: $0) ? "\u{FFFD}" : $0 }))
  }

  /// Whether a terminal does something else with a character than to show it: control characters, other ends of lines,
  /// and what changes the direction of the text around it.
  static func acts(on scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
