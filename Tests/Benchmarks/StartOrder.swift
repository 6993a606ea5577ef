import Foundation
import TestSupport

// The linker puts the functions that `emit.order` names next to each other. A process that lives for two
// milliseconds spends a good part of them on bringing in pages of its program, and these functions, a twentieth of it, are
// all over it otherwise. The file has one function a line, as the linker knows it, sorted, and remarks behind `#`. A
// name that the program has not is passed over, so a file that has not been made anew costs time and nothing else.

/// The functions that recording an event calls.
struct StartOrder {
  let functions: [String]

  private static let remark = """
    # The functions that recording an event calls: the linker puts them next to each other. Made by
    # `.build/debug/Benchmarks order > Sources/Startup/emit.order`; to be made anew when `Benchmarks check` says so. The
    # build does not look at this file again: remove the executable to have it linked anew.
    """

  /// The functions of an event that waits and of one that is noted.
  static func measured(_ bench: Bench) throws -> StartOrder {
    let callgrind = try Callgrind(bench)
    let repository = try TestRepository()
    try repository.commitNothing()
    let commands = [
      bench.emit("017-login", in: repository.path, "--next-commit"), bench.emit("017-login", in: repository.path),
    ]
    // What only the first one does in a repository is not what all the others do.
    for command in commands { _ = try bench.runner.run(command) }
    let called = try commands.map { try callgrind.functions(calledBy: $0) }
    return StartOrder(functions: called.reduce(into: Set()) { $0.formUnion($1) }.sorted())
  }

  /// The functions that the linker is told of.
  static func kept() throws -> StartOrder {
    let file = Tool.package.appendingPathComponent("Sources/Startup/emit.order")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return StartOrder(functions: lines.filter { !$0.hasPrefix("#") }.map(String.init))
  }

  /// How many of the functions are not among others, per cent.
  func shareMissing(in others: StartOrder) -> Double {
    let others = Set(others.functions)
    return 100 * Double(functions.count { !others.contains($0) }) / Double(functions.count)
  }

  /// The file.
  var text: String { ([StartOrder.remark] + functions).joined(separator: "\n") }
}
