// Commits, and what is done to them in one work tree.
extension History {
  /// An agent commits its work.
  func commit() throws -> Bool {
    let place = anyPlace()
    guard try isReady(place) else { return false }
    let isShared = chance(30)
    let file = isShared ? "shared.txt" : "work/\(place.name)-\(nextFile).txt"
    nextFile += 1
    try shop.append("\(place.name) \(nextFile)\n", to: "\(place.path)/\(file)")
    try shop.git(["add"] + (habits.logs != .excluded && chance(60) ? ["--all"] : [file]), at: place)
    return try commit(["--quiet", "-m", "feat: \(file)"], at: place)
  }

  /// Commits what is staged; the events that wait for just this have their commit now.
  func commit(_ arguments: [String], at place: Workshop.Place) throws -> Bool {
    let waits = emissions.acknowledged.contains { $0.waits?.place == place.name && $0.waits?.taker == nil }
    let before = waits ? try shop.lines(["rev-parse", "HEAD"], at: place).first : nil
    guard try shop.git(["commit"] + arguments, at: place) else { return false }
    guard let before, let after = try shop.lines(["rev-parse", "HEAD"], at: place).first else { return true }
    let branch = try shop.lines(["symbolic-ref", "--quiet", "HEAD"], at: place).first
    emissions.updateWaiting { emission in
      guard let waits = emission.waits, waits.place == place.name, waits.head == before, waits.branch == branch,
        waits.taker == nil
      else { return }
      emission.waits?.taker = after
    }
    return true
  }

  func amend() throws -> Bool {
    let place = anyPlace()
    guard try isReady(place) else { return false }
    if habits.logs != .excluded, chance(30) { try shop.git(["add", "--all"], at: place) }
    return try commit(
      ["--quiet", "--amend", "--allow-empty", "-m", "feat: amended \(shop.minutes)"], at: place)
  }

  /// A lane moves on top of another one, or of `main`; now and then `main` does.
  func rebase() throws -> Bool {
    let place = anyPlace(mainPercent: 15)
    guard try isReady(place) else { return false }
    let base = chance(80) && !place.isMain ? "main" : try pick(branches()) ?? "main"
    var arguments = ["rebase", chance(50) ? "--merge" : "--apply"]
    if chance(30) { arguments.append("--autostash") }
    return try attempt(arguments + [base], at: place)
  }

  /// The last commits of a lane become one.
  func fixUp() throws -> Bool {
    guard let place = pick(shop.lanes), try isReady(place) else { return false }
    let command = chance(50) ? "fixup" : "squash"
    return try attempt(
      ["rebase", "--quiet", "--interactive", "HEAD~\(chance(70) ? 2 : 3)"], at: place,
      environment: ["GIT_SEQUENCE_EDITOR": "sed -i -e '2,$s/^pick/\(command)/'"])
  }

  func reset() throws -> Bool {
    let place = anyPlace()
    if chance(80), try !isReady(place) { return false }
    return try shop.git(["reset", "--quiet", "--hard", "HEAD~\(chance(75) ? 1 : 2)"], at: place)
  }

  func resetAndCommit() throws -> Bool {
    guard let place = pick(shop.lanes), try isReady(place),
      try shop.git(["reset", "--quiet", "--soft", "HEAD~\(chance(50) ? 1 : 2)"], at: place)
    else { return false }
    return try commit(["--quiet", "--allow-empty", "-m", "feat: once more \(shop.minutes)"], at: place)
  }

  func revert() throws -> Bool {
    let place = anyPlace(mainPercent: 60)
    // The plan itself stays: a feature that nobody has is nobody's to join.
    guard try isReady(place), try shop.ask(["rev-parse", "--quiet", "--verify", "HEAD~1"], at: place) != nil
    else { return false }
    return try attempt(["revert", "--no-edit", "HEAD"], at: place)
  }

  func detach() throws -> Bool {
    guard let place = pick(shop.lanes), try isReady(place) else { return false }
    return try shop.git(["checkout", "--quiet", "--detach"], at: place)
  }

  /// The branches besides `main`.
  func branches() throws -> [String] {
    try shop.lines(["for-each-ref", "--format=%(refname:short)", "refs/heads"]).filter { $0 != "main" }
  }
}
