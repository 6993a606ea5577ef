import Foundation
import TestSupport

// The linker puts the functions and variables that `emit.order` names next to each other. A process that lives for two
// milliseconds spends a good part of them on bringing in pages of its program, and these, a twentieth of it, are all over
// it otherwise. The file has one name a line, as the linker knows it, sorted, and remarks behind `#`. A name that the
// program has not is passed over, so a file that has not been made anew costs time and nothing else.

/// What recording an event uses of the program.
struct StartOrder {
  /// The functions that are called, and the variables that are read or written.
  let names: [String]

  private static let remark = """
    # What recording an event uses of the program: the linker puts it next to each other. Made by
    # `.build/debug/Benchmarks order > Sources/Startup/emit.order`; to be made anew when `Benchmarks check` says so. The
    # build does not look at this file again: remove the executable to have it linked anew.
    """

  /// What an event that waits uses, and the functions of one that is noted: the runtime then looks through the tables of
  /// all types, which are in no order that would help.
  static func measured(_ bench: Bench) throws -> StartOrder {
    let valgrind = try Valgrind(bench)
    let repository = try TestRepository()
    try repository.commitNothing()
    let waiting = bench.emit("017-login", in: repository.path, "--next-commit")
    let noted = bench.emit("017-login", in: repository.path)
    // What only the first one does in a repository is not what all the others do.
    for command in [waiting, noted] { _ = try bench.runner.run(command) }
    let names = try valgrind.functions(calledBy: waiting)
      .union(valgrind.functions(calledBy: noted))
      .union(valgrind.variables(touchedBy: waiting))
    return StartOrder(names: names.sorted())
  }

  /// What the linker is told of.
  static func kept() throws -> StartOrder {
    let file = Tool.package.appendingPathComponent("Sources/Startup/emit.order")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return StartOrder(names: lines.filter { !$0.hasPrefix("#") }.map(String.init))
  }

  /// How much of it is not in another one, per cent.
  func shareMissing(in others: StartOrder) -> Double {
    let others = Set(others.names)
    return 100 * Double(names.count { !others.contains($0) }) / Double(names.count)
  }

  /// The file.
  var text: String { ([StartOrder.remark] + names).joined(separator: "\n") }
}
