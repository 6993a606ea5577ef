import Foundation
import TestSupport

/// Many recorders at once, beside git at work on the same repository and on the same notes.
struct Contention {
  private let world: World
  /// A repository where only one process records: what a recorder takes on this machine when it waits for nobody.
  private let quiet: World
  private let processes: Int
  private let events: Int
  private static let features = ["f", "g"]
  private static let lanesPerFeature = 4

  /// A worktree, and the feature that is recorded for there.
  private struct Lane {
    let feature: String
    let name: String
  }

  /// An `emit`, and how long it took.
  private struct Emission {
    let lane: Int
    let answer: Answer?
    let seconds: Double
  }

  /// Creates a repository for the program at `tool` in `folder`.
  init(tool: String, folder: String, processes: Int, events: Int) throws {
    world = World(folder: folder + "/busy", tool: tool)
    quiet = World(folder: folder + "/quiet", tool: tool)
    self.processes = processes
    self.events = events
    try world.create(planning: "f", "g")
    try world.hideLogs()
    try quiet.create(planning: "f")
    try quiet.hideLogs()
    try quiet.startWork()
  }

  /// Plays it, says what came of it, and answers whether everything holds.
  func play() throws -> Bool {
    var lanes: [Lane] = []
    for feature in Contention.features {
      for number in 1...Contention.lanesPerFeature {
        lanes.append(Lane(feature: feature, name: try world.startWork(on: "WP0\(number)", of: feature)))
      }
    }
    let busy = try record(in: lanes)
    var complaints = busy.complaints
    complaints += expectInTime(busy.emissions, "beside git at work", alone: busy.alone)
    var emissions = busy.emissions
    if let obstacle = Trace.obstacle() {
      CrashHarness.say("skipped: a stopped process that holds the lock: \(obstacle)")
    } else {
      let stopped = try recordBesideStopped(lanes)
      complaints += stopped.complaints
      complaints += expectInTime(
        stopped.emissions, "while a stopped process holds the lock", alone: busy.alone + stopped.alone)
      emissions += stopped.emissions
    }
    complaints += try expectAll(emissions, of: lanes)
    for complaint in complaints { CrashHarness.say(complaint) }
    return complaints.isEmpty
  }

  /// Emits again and again, and prints when each began, when it ended, and what was said.
  private static let recorder = """
    tool=$1 count=$2
    while [ "$count" -gt 0 ]; do
      begin=$EPOCHREALTIME
      answer=$("$tool" emit --role implementer --agent busy --json) || echo "status $?" >&2
      echo "$begin $EPOCHREALTIME $answer"
      count=$((count - 1))
    done
    """

  private func start(_ count: Int, in lane: Lane, of world: World) throws -> ChildProcess {
    try ChildProcess.start(
      "bash", ["-c", Contention.recorder, "bash", world.tool, "\(count)"], in: world.place(lane.name),
      environment: world.environment)
  }

  /// What came of recorders at work.
  private struct Outcome {
    var emissions: [Emission]
    /// Those in the repository where nobody else records.
    var alone: [Emission] = []
    var complaints: [String]
  }

  /// Waits for recorders; what is no plain success or warning is complained about.
  private func finish(_ recorders: [(lane: Int, process: ChildProcess)]) throws -> Outcome {
    var emissions: [Emission] = []
    var complaints: [String] = []
    for (lane, process) in recorders {
      let result = try process.wait()
      for line in result.errorText.split(separator: "\n") where !line.hasPrefix("warning: ") {
        complaints.append("an emit said: \(line)")
      }
      for line in result.outputText.split(separator: "\n") {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3, let begin = Double(words[0]), let end = Double(words[1]) else {
          complaints.append("an emit gave no answer: \(line)")
          continue
        }
        let answer = Answer.all(in: Array(words[2].utf8)).first
        if answer?.stored.contains("journal") != true { complaints.append("an emit stored nothing: \(words[2])") }
        emissions.append(Emission(lane: lane, answer: answer, seconds: end - begin))
      }
    }
    return Outcome(emissions: emissions, complaints: complaints)
  }

  /// Lets all processes record in the lanes, beside everything that git does meanwhile.
  private func record(in lanes: [Lane]) throws -> Outcome {
    let end = world.folder + "/end"
    let lane = #".worktrees/$(printf 'f\ng\n' | shuf -n 1)-WP0$((RANDOM % 4 + 1))"#
    let loops = try [
      "git gc --quiet",
      #"git -C "\#(lane)" commit --quiet --allow-empty -m "Go on""#,
      #"git -C "\#(lane)" notes --ref=kitty-telemetry append -m remark HEAD"#,
      "git worktree add --quiet --detach .worktrees/extra; git worktree remove --force .worktrees/extra",
      #"git merge --quiet --no-ff --no-edit "$(basename "\#(lane)")"; "$tool" merge"#,
    ].map { command in
      try ChildProcess.start(
        "bash",
        [
          "-c", #"tool=$1; while [ ! -e "$0" ]; do { \#(command); } >/dev/null 2>&1; echo; sleep 0.1; done"#, end,
          world.tool,
        ], in: world.repository, environment: world.environment)
    }
    let recorders = try (0..<processes).map { number in
      (number % lanes.count, try start(events, in: lanes[number % lanes.count], of: world))
    }
    let alone = try start(events, in: lanes[0], of: quiet)
    var outcome = try finish(recorders)
    outcome.alone = try finish([(0, alone)]).emissions
    try Data().write(to: URL(fileURLWithPath: end))
    let rounds = try loops.map { try $0.wait().output.count }
    CrashHarness.say(
      "beside \(rounds[0]) × git gc, \(rounds[1]) × git commit, \(rounds[2]) × git notes append on the same notes, "
        + "\(rounds[3]) × git worktree add and remove, \(rounds[4]) × git merge and merge")
    return outcome
  }

  /// Records while a recorder has been stopped right after it got the lock, and lets that one go on then.
  private func recordBesideStopped(_ lanes: [Lane]) throws -> Outcome {
    let trace = world.folder + "/trace"
    let words =
      Array(Trace.command(to: trace, calls: ["flock"]).dropFirst()) + ["-e", "inject=flock:signal=STOP:when=1"]
      + [world.tool, "emit", "--role", "implementer", "--agent", "stopped", "--json"]
    let holder = try ChildProcess.start(
      "strace", words, in: world.place(lanes[0].name), environment: world.environment)
    let deadline = ContinuousClock.now + .seconds(20)
    var stopped: Int32?
    while stopped == nil, ContinuousClock.now < deadline {
      let text = String(decoding: FileManager.default.contents(atPath: trace) ?? Data(), as: UTF8.self)
      let line = text.split(separator: "\n").first { $0.contains("stopped by SIGSTOP") }
      stopped = line.flatMap { Int32($0.prefix { $0 != " " }) }
      usleep(10_000)
    }
    guard let stopped else { return Outcome(emissions: [], complaints: ["no recorder could be stopped"]) }
    let alone = try start(4, in: lanes[0], of: quiet)
    var outcome = try finish(lanes.indices.map { ($0, try start(1, in: lanes[$0], of: world)) })
    outcome.alone = try finish([(0, alone)]).emissions
    for emission in outcome.emissions where emission.answer?.note != "waiting" {
      outcome.complaints.append("an emit got a lock that another process holds")
    }
    kill(stopped, SIGCONT)
    let result = try holder.wait()
    let answer = Answer.all(in: result.output).first
    if result.status != 0 || answer?.isSuccess != true {
      outcome.complaints.append("the one that was stopped: \(result.outputText)\(result.errorText)")
    }
    outcome.emissions.append(Emission(lane: 0, answer: answer, seconds: 0))
    return outcome
  }

  /// Says how long recorders took; none may take longer than its patience, and what its work takes on a machine as busy
  /// as this one is.
  private func expectInTime(_ emissions: [Emission], _ place: String, alone: [Emission]) -> [String] {
    let times = emissions.map(\.seconds).filter { $0 > 0 }.sorted()
    let unhindered = alone.map(\.seconds).sorted()
    guard let longest = times.last, let work = unhindered.last else { return ["nothing was recorded \(place)"] }
    CrashHarness.say(
      "\(times.count) emits \(place): \(percentiles(times)); "
        + "\(emissions.count { $0.answer?.isSuccess != true }) were told that a note has to wait; "
        + "at the same time in a repository of its own: \(percentiles(unhindered))")
    let bound = max(Trial.bound, Trial.patience + .seconds(4 * work))
    return .seconds(longest) > bound ? ["an emit took \(milliseconds(longest)) \(place)"] : []
  }

  private func percentiles(_ times: [Double]) -> String {
    func percentile(_ part: Double) -> String { milliseconds(times[Int(Double(times.count - 1) * part)]) }
    return "p50 \(percentile(0.5)), p99 \(percentile(0.99)), max \(percentile(1))"
  }

  private func milliseconds(_ seconds: Double) -> String { "\(Int(seconds * 1000)) ms" }

  /// Merges everything, repairs, and counts.
  private func expectAll(_ emissions: [Emission], of lanes: [Lane]) throws -> [String] {
    let ids = emissions.compactMap(\.answer?.id)
    var complaints: [String] = []
    if Set(ids).count != ids.count { complaints.append("ids were given twice") }
    let before = Set(try world.notedIDs()).count
    for lane in lanes { try world.git("merge", "--quiet", "--no-ff", "--no-edit", lane.name) }
    let repaired = try world.run([world.tool, "repair"])
    if repaired.status != 0 || !repaired.errors.isEmpty { complaints.append("repair: \(repaired.errorText)") }
    var logged: [String] = []
    for feature in Contention.features {
      let log = world.log(of: feature, in: world.repository)
      let expected = emissions.filter { lanes[$0.lane].feature == feature }.compactMap(\.answer?.id)
      if log.ids.sorted() != expected.sorted() {
        complaints.append("\(feature): \(log.ids.count) events in the log, \(expected.count) were recorded")
      }
      if !log.broken.isEmpty { complaints.append("\(feature): half lines in the log") }
      logged += log.ids
    }
    for (number, lane) in lanes.enumerated() {
      let log = Set(world.log(of: lane.feature, in: world.place(lane.name)).ids)
      let own = emissions.filter { $0.lane == number }.compactMap(\.answer?.id)
      if !log.isSuperset(of: own) { complaints.append("\(lane.name): its own log lacks events") }
    }
    let noted = Set(try world.notedIDs())
    if noted != Set(ids) { complaints.append("\(noted.count) events in notes, \(ids.count) were recorded") }
    // Who could not get the lock may give a value that is given a second time.
    let clocks = emissions.compactMap { emission in
      emission.answer.flatMap { $0.isSuccess ? "\(lanes[emission.lane].feature) \($0.node) \($0.clock)" : nil }
    }
    if Set(clocks).count < clocks.count {
      complaints.append("\(clocks.count) events have \(Set(clocks).count) clock values")
    }
    let verified = try world.run([world.tool, "verify"])
    if verified.status != 0 { complaints.append("verify: \(verified.outputText)\(verified.errorText)") }
    let findings = try world.findings()
    if !findings.isEmpty { complaints.append("git fsck: \(findings)") }
    CrashHarness.say(
      "\(ids.count) events by \(processes) processes in \(lanes.count) worktrees, \(Set(clocks).count) clock values; "
        + "after repair \(Set(logged).count) in logs, \(noted.count) in notes on commits that branches lead to "
        + "(\(before) before), \(Set(ids).subtracting(logged).count) lost")
    return complaints
  }
}
