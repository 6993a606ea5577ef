import TestSupport

/// One of the commands that are compared.
struct Contender {
  /// What the results are looked up by.
  let name: String
  let command: Command
  /// How many times the command does what is compared: short programs run in a loop in one shell.
  var repetitions = 1
  /// The repository that it works in, kept as long as it does.
  var stage: TestRepository?
  /// Puts things in place before each run, untimed.
  var prepare: () throws -> Void = {}
  /// Makes sure after each run that it did what it was timed for.
  var check: () throws -> Void = {}
}

/// Commands that are timed in turn, A B C A B C ..., so that all of them meet the same load of the machine.
struct Race {
  let contenders: [Contender]
  /// Rounds that count.
  let rounds: Int

  /// Runs them all, once to warm up and then the rounds that count; the result is seconds per repetition, by name.
  func run(with runner: Runner) throws -> [String: Sample] {
    var times: [String: [Double]] = [:]
    for round in 0...rounds {
      for contender in contenders {
        try contender.prepare()
        let seconds = try runner.run(contender.command).seconds
        try contender.check()
        if round > 0 { times[contender.name, default: []].append(seconds / Double(contender.repetitions)) }
      }
    }
    return times.mapValues(Sample.init)
  }
}
