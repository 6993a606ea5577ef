import Foundation
import TestSupport

/// Two logs that share half of their lines, as two branches have them, in a folder of their own.
struct LogPair {
  /// The lines of both together, shared ones counted twice.
  let lines: Int
  /// The bytes of both together.
  let bytes: Int
  private let folder: String
  private let sharedBytes: Int

  private var ours: String { folder + "/ours.jsonl" }
  private var theirs: String { folder + "/theirs.jsonl" }
  private var joined: String { folder + "/joined.jsonl" }

  /// Writes logs of `halves` shared lines and as many of their own each.
  init(in folder: String, halves: Int, shapes: [EventLines.Shape] = [.plain], isShuffled: Bool = false) throws {
    self.folder = folder
    lines = 4 * halves
    var base = EventLines(seed: 11, shapes: shapes)
    sharedBytes = try write(halves, of: &base, to: folder + "/ours.jsonl")
    try FileManager.default.copyItem(atPath: folder + "/ours.jsonl", toPath: folder + "/theirs.jsonl")
    var total = 2 * sharedBytes
    for (name, seed) in [("ours", UInt64(12)), ("theirs", 13)] {
      var own = base.branched(seed: seed)
      total += try write(halves, of: &own, to: "\(folder)/\(name).jsonl", appending: true)
      if isShuffled { try shuffle("\(folder)/\(name).jsonl", seed: seed) }
    }
    bytes = total
  }

  /// Our tool, which replaces a copy of our log.
  func merging(with bench: Bench, cores: Int) -> Contender {
    let command = Command([bench.tool.path, "merge-file", folder + "/no-base", joined, theirs], in: folder)
    return Contender(
      name: "merge-file, \(cores == 1 ? "one core" : "two cores")", command: command.on(cores: cores),
      prepare: {
        // A second name is enough: the tool puts a new file in its place.
        try? FileManager.default.removeItem(atPath: joined)
        try FileManager.default.linkItem(atPath: ours, toPath: joined)
      },
      check: { try require(try size(of: joined) == bytes - sharedBytes, "the joined log has not the size it should") })
  }

  /// `sort -u`, which does not know what an event is.
  func sorting(cores: Int) -> Contender {
    let out = folder + "/sorted.jsonl"
    let sort = Command(["sort", "-S", "4G", "-u", "--parallel=\(cores)", "-o", out, ours, theirs], in: folder)
    return Contender(
      name: "sort, \(cores == 1 ? "one core" : "two cores")", command: sort.on(cores: cores),
      prepare: { try? FileManager.default.removeItem(atPath: out) },
      check: { try require(try size(of: out) == bytes - sharedBytes, "sort did not write the union") })
  }

  /// Reading both, and writing as much as the join has.
  func copying(with bench: Bench) throws -> Contender {
    let merging = merging(with: bench, cores: 2)
    try merging.prepare()
    _ = try bench.runner.run(merging.command)
    let union = folder + "/union.jsonl"
    try FileManager.default.moveItem(atPath: joined, toPath: union)
    let out = folder + "/copied.jsonl"
    let script = #"cat "$1" "$2" >/dev/null && cat "$3" >"$4""#
    return Contender(
      name: "cat", command: Command(["sh", "-c", script, "sh", ours, theirs, union, out], in: folder).on(cores: 2),
      prepare: { try? FileManager.default.removeItem(atPath: out) })
  }

  /// DuckDB, in a Python that has it.
  func joining(_ python: String) -> Contender {
    let out = folder + "/duckdb.jsonl"
    let command = Command([python, Peers.script("duckdb-merge.py"), "2", out, ours, theirs], in: folder)
    return Contender(
      name: "DuckDB", command: command.on(cores: 2), prepare: { try? FileManager.default.removeItem(atPath: out) },
      check: { try require(try size(of: out) > bytes / 2, "DuckDB did not write the union") })
  }
}

/// Puts the lines of a file in another order, which the seed determines.
private func shuffle(_ path: String, seed: UInt64) throws {
  let url = URL(fileURLWithPath: path)
  var random = SeededGenerator(seed: seed)
  let lines = try Data(contentsOf: url).split(separator: 10).shuffled(using: &random)
  var shuffled = Data()
  for line in lines {
    shuffled.append(line)
    shuffled.append(10)
  }
  try shuffled.write(to: url)
}
