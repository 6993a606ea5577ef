import Foundation
import TestSupport

// What people and programs do to the places where events are kept.
extension History {
  func collectGarbage() throws -> Bool {
    if chance(60) {
      try shop.git(["reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all"])
      // Nobody can tell any more which commit was made on top of which HEAD.
      emissions.updateWaiting { $0.waits?.taker = nil }
    }
    return try shop.git(["gc", "--quiet", "--prune=now"])
  }

  func damageNotes() throws -> Bool {
    remember(try shop.notes())
    let notes = ["notes", "--ref=kitty-telemetry"]
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: return try shop.git(["update-ref", "-d", Workshop.notes])
    // A program that looked before others wrote puts back what it saw.
    case 1: return try shop.git(["update-ref", Workshop.notes, "\(Workshop.notes)~\(chance(70) ? 1 : 3)"])
    case 2: return try shop.git(notes + ["prune"])
    case 3:
      guard let noted = pick(try shop.notes().keys.sorted()) else { return false }
      return try shop.git(notes + ["remove", noted])
    case 4:
      guard let noted = pick(try shop.notes().keys.sorted()) else { return false }
      return try shop.git(notes + ["add", "--force", "-m", "Somebody's remark \(shop.minutes)", noted])
    default: return try shop.git(notes + ["append", "-m", "A remark \(shop.minutes)"], at: anyPlace())
    }
  }

  func damageLog() throws -> Bool {
    let place = anyPlace()
    let feature = pick(Workshop.features) ?? "f"
    let log = "\(place.path)/\(shop.log(of: feature))"
    switch Int.random(in: 0..<7, using: &generator) {
    case 0: return shop.remove(log)
    case 1: return shop.remove("\(place.path)/\(shop.clock(of: feature))")
    case 2: return try shop.git(["clean", "--quiet", "-fdx"], at: place)
    case 3:
      guard try isReady(place), try shop.git(["stash", "push", "--quiet", "--all"], at: place) else { return false }
      return try chance(50) || shop.git(["stash", "pop", "--quiet"], at: place)
    case 4: return try shop.git(["checkout", "--quiet", "HEAD", "--", "kitty-specs"], at: place)
    case 5:
      // A machine that lost its power had not written all of the file.
      guard let bytes = shop.read(log), bytes.count > 2 else { return false }
      let length = bytes.count - Int.random(in: 1..<min(bytes.count, 700), using: &generator)
      shop.tell("$ truncate -s \(length) " + log.replacing(shop.repository.path, with: "$R"))
      try Data(bytes.prefix(length)).write(to: URL(fileURLWithPath: log))
      return true
    default:
      let clock = "\(place.path)/\(shop.clock(of: feature))"
      guard shop.isFile(clock) else { return false }
      shop.tell("$ echo '{' >" + clock.replacing(shop.repository.path, with: "$R"))
      try Data("{\n".utf8).write(to: URL(fileURLWithPath: clock))
      return true
    }
  }

  /// A writer is stopped half-way through a line.
  func tearFile() throws -> Bool {
    let journal = shop.repository.path + "/.git/kitty-telemetry"
    let notes = shop.names(in: journal + "/unnoted").map { "\(journal)/unnoted/\($0)" }
    let logs = ([shop.main] + shop.lanes).map { "\($0.path)/\(shop.log(of: "f"))" }
    guard let file = pick((notes + logs + [journal + "/journal.jsonl"]).filter(shop.isFile)) else { return false }
    shop.tell("$ printf '{\"aggregate_id\": \"torn' >>" + file.replacing(shop.repository.path, with: "$R"))
    try shop.append("{\"aggregate_id\": \"torn", to: file)
    return true
  }

  /// The target's people commit the log.
  func commitLog() throws -> Bool {
    guard try isReady(shop.main), try shop.git(["add", "--force", "kitty-specs"]) else { return false }
    return try commit(["--quiet", "-m", "Record the telemetry \(shop.minutes)"], at: shop.main)
  }

  func loseJournal() throws -> Bool {
    guard habits.losesJournal, !hasLostJournal else { return false }
    guard shop.remove(shop.repository.path + "/.git/kitty-telemetry") else { return false }
    remember(try shop.notes())
    emissions.forgetJournal()
    hasLostJournal = true
    return true
  }
}
