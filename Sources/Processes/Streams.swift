internal import CSystemCalls
internal import Glibc
internal import SystemPackage

/// A program's standard output and error on their way through this process.
struct Streams {
  /// A stream that goes through a pipe of ours.
  private struct Piped {
    let relay: Relay
    let source: FileDescriptor
    let end: FileDescriptor
    let sink: FileDescriptor
  }

  /// How a stream gets to where it goes.
  private enum Way {
    /// It is a terminal, or closed: the program's own, and nobody else's.
    case direct
    /// It is a file, which is read afterwards.
    case file(FileSpan)
    case piped(Piped)

    var piped: Piped? { if case .piped(let piped) = self { piped } else { nil } }
  }

  private let output: Way
  private let errors: Way
  private let areOne: Bool
  private let marks: [[UInt8]]

  init(marks: [[UInt8]]) throws(Errno) {
    self.marks = marks
    areOne = Streams.lead(.standardOutput, toWhere: .standardError)
    output = try Streams.way(to: .standardOutput, marks)
    errors = areOne ? .direct : try Streams.way(to: .standardError, [])
  }

  /// Starts the program with its ends of the pipes, which this process gives up then.
  func launch(_ launch: Launch, with signals: InheritedSignals) throws(Errno) -> pid_t {
    var launch = launch
    launch.output = output.piped?.end
    launch.errors = areOne ? output.piped?.end : errors.piped?.end
    let process: pid_t
    do throws(Errno) {
      process = try launch.start(with: signals)
    } catch {
      closeEnds()
      throw error
    }
    closeEnds()
    for way in [output, errors] { try way.piped?.relay.start() }
    return process
  }

  /// What was printed, once the program has ended and all of it has been passed on.
  func finish(with signals: InheritedSignals) -> (output: [UInt8], errors: [UInt8]) {
    (finish(output, with: signals), finish(errors, with: signals))
  }

  private func finish(_ way: Way, with signals: InheritedSignals) -> [UInt8] {
    switch way {
    case .direct: return []
    case .file(let span): return span.sample(marks: marks)
    case .piped(let piped):
      let (sample, isOpen) = piped.relay.finish()
      if isOpen { Streams.handOver(piped.source, to: piped.sink, with: signals) }
      return sample
    }
  }

  private func closeEnds() {
    // A descriptor that cannot be closed is one that is not there.
    for way in [output, errors] { try? way.piped?.end.close() }
  }

  private static func way(to sink: FileDescriptor, _ marks: [[UInt8]]) throws(Errno) -> Way {
    // A program asks a terminal for its size, and shows what it prints in another way there.
    guard isatty(sink.rawValue) == 0, fcntl(sink.rawValue, F_GETFD) >= 0 else { return .direct }
    if let span = FileSpan(sink) { return .file(span) }
    var ends: [Int32] = [-1, -1]
    guard unsafe make_pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
    let source = FileDescriptor(rawValue: ends[0])
    let relay = try Relay(from: source, to: sink, marks: marks)
    return .piped(Piped(relay: relay, source: source, end: FileDescriptor(rawValue: ends[1]), sink: sink))
  }

  /// Whether two descriptors are one stream.
  private static func lead(_ left: FileDescriptor, toWhere right: FileDescriptor) -> Bool {
    // What cannot be looked at is not the same as anything.
    guard let left = try? left.stat(), let right = try? right.stat() else { return false }
    return left.deviceID == right.deviceID && left.inode == right.inode
  }

  /// Lets `cat` pass on what those print who were left behind by the program; without one they find the pipe closed.
  private static func handOver(_ source: FileDescriptor, to sink: FileDescriptor, with signals: InheritedSignals) {
    guard let file = try? ProgramSearch.find("cat", in: "/bin:/usr/bin") else { return }
    let cat = Launch(path: file, words: [Array("cat".utf8)], input: source, output: sink, leadsSession: true)
    _ = try? cat.start(with: signals)
  }
}
