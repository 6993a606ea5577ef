/// A program with its arguments, and where it runs.
struct Command {
  var arguments: [String]
  var folder: String
  /// The file that standard output goes to.
  var output = "/dev/null"
  /// Whether it may say something on standard error; who may not fails if it does, since `emit` fails in no other way.
  var maySpeak = false

  init(_ arguments: [String], in folder: String) {
    self.arguments = arguments
    self.folder = folder
  }

  /// The same, on so many of the machine's cores, itself and all that it starts.
  func on(cores: Int) -> Command {
    var copy = self
    copy.arguments = ["taskset", "--cpu-list", cores == 1 ? "0" : "0-\(cores - 1)"] + arguments
    return copy
  }

  /// The command so many times, one after the other, in one shell.
  ///
  /// A single run of a program that takes a few milliseconds would be measured with much of its neighbourhood.
  func repeated(_ count: Int) -> Command {
    let loop = #"n=$1; shift; while [ "$n" -gt 0 ]; do "$@" || exit; n=$((n - 1)); done"#
    var copy = self
    copy.arguments = ["sh", "-c", loop, "sh", String(count)] + arguments
    return copy
  }
}
