import Foundation
import TestSupport

/// Programs that do comparable work, where they are installed.
struct Peers {
  /// A Python, if there is one.
  let python: String?
  /// A Python that can import DuckDB, if there is one.
  let duckDB: String?
  /// Which versions there are, for the report.
  let versions: [(name: String, value: String)]

  /// Looks around; `python` is preferred to what `PATH` leads to.
  init(python preferred: String?) {
    func answer(_ command: [String]) -> String? {
      // A program that is not there, or fails, is a peer that is not there.
      guard
        let result = try? ChildProcess.run(
          command[0], Array(command.dropFirst()), in: "/",
          environment: [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C",
          ]), result.status == 0
      else { return nil }
      return result.outputText.split(separator: "\n").first.map(String.init)
    }
    let interpreter = preferred ?? "python3"
    // The real one, since shims in front of an interpreter take longer to start than it does.
    python = answer([interpreter, "-c", "import sys; print(sys.executable)"])
    let database = python.flatMap { answer([$0, "-c", "import duckdb; print(duckdb.__version__)"]) }
    duckDB = database == nil ? nil : python
    let asked = [
      ("git", answer(["git", "--version"])), ("sort", answer(["sort", "--version"])),
      ("Python", python.flatMap { answer([$0, "-c", "import sys; print(sys.version.split()[0])"]) }),
      ("DuckDB", database),
    ]
    versions = asked.map { (name: $0.0, value: $0.1 ?? "not here; rows with it are skipped") }
  }

  /// The path of one of the scripts beside this file.
  static func script(_ name: String) -> String { Tool.package.path + "/Tests/Benchmarks/Scripts/" + name }
}
