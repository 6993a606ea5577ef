internal import CSystemCalls
internal import Glibc
internal import SystemPackage

// The program runs as if it had been started in our place: in our process group and session, with our environment, our
// standard input and the signals as we got them. Standard output and error are its own where they are a terminal or a
// file, which is read afterwards; else they are pipes of ours, passed on as they fill. Where both are one they stay one,
// so that the order of what is printed on the two is kept.
//
// Signals that a terminal sends go to the whole group, so the program has them already; those that somebody sends to us
// alone are passed on. (One who signals the whole group by hand is indistinguishable from the latter, and the program
// gets that signal twice.) When the program stops, so do we, and go on with it. When we are killed, it is killed.
//
// When the program ends while somebody that it has started still holds its pipes, we do not wait for them: `cat` passes
// on what they print from then on.

/// How a program ended.
package enum ProgramEnd: Hashable, Sendable {
  /// With a status.
  case exited(Int32)
  /// By a signal.
  case signalled(Int32)

  /// The status that shells give it.
  package var status: Int32 {
    switch self {
    case .exited(let status): status
    case .signalled(let signal): 128 + signal
    }
  }
}

/// What there is to tell of a program that has run.
package struct ProgramRun: Sendable {
  /// How it ended; a failure when it could not be started.
  package let end: Result<ProgramEnd, StartFailure>
  /// From its start to its end.
  package let duration: Duration
  /// A bounded copy of its standard output; empty where that is a terminal.
  package let output: [UInt8]
  /// A bounded copy of its standard error; where both are one stream it is all in `output`.
  package let errors: [UInt8]
  /// The beginning of what it got on standard input, as far as that can be seen without taking it.
  package let input: [UInt8]
}

/// Runs one program.
package struct Supervisor {
  private let words: [[UInt8]]
  private let marks: [[UInt8]]
  private let signals: InheritedSignals
  private var child: pid_t = 0

  /// Creates a supervisor of the program that `words` name, in bytes; lines of its output that hold one of `marks` are
  /// kept wherever they stand.
  package init(_ words: [[UInt8]], marks: [[UInt8]], signals: InheritedSignals) {
    self.words = words
    self.marks = marks
    self.signals = signals
  }

  /// Runs the program to its end; `meanwhile` is done once it runs, or could not be started.
  package mutating func run(path: String?, meanwhile: () -> Void) -> ProgramRun {
    let name = String(decoding: words.first ?? [], as: UTF8.self)
    var peek = InputPeek()
    peek.look()
    let clock = ContinuousClock()
    let start = clock.now
    do throws(StartFailure) {
      let file = try ProgramSearch.find(name, in: path)
      let streams: Streams
      let queue: Int32
      do throws(Errno) {
        queue = try SignalQueue.open()
        streams = try Streams(marks: marks)
        child = try streams.launch(Launch(path: file, words: words, diesWithParent: true), with: signals)
      } catch {
        throw StartFailure(name, error, isThere: (try? file.stat())?.type == .regular)
      }
      meanwhile()
      let end = wait(on: queue, &peek)
      let duration = start.duration(to: clock.now)
      let (output, errors) = streams.finish(with: signals)
      return ProgramRun(
        end: .success(end), duration: duration, output: output, errors: errors, input: peek.bytes)
    } catch {
      meanwhile()
      return ProgramRun(
        end: .failure(error), duration: start.duration(to: clock.now), output: [], errors: [], input: peek.bytes)
    }
  }

  /// Waits for the program's end, and lets signals through.
  private func wait(on queue: Int32, _ peek: inout InputPeek) -> ProgramEnd {
    defer { close(queue) }
    while true {
      if let end = reap() { return end }
      var polled = [pollfd(fd: queue, events: Int16(POLLIN), revents: 0)]
      if peek.mayShowMore { polled.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)) }
      guard unsafe poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
      if polled.count > 1, polled[1].revents != 0 { peek.look() }
      while let (signal, isFromTerminal) = SignalQueue.next(queue) {
        let hasIt = isFromTerminal && [SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH].contains(signal)
        if signal != SIGCHLD, !hasIt { kill(child, signal) }
      }
    }
  }

  /// How the program has ended; `nil` while it runs.
  private func reap() -> ProgramEnd? {
    var status: CInt = 0
    while unsafe waitpid(child, &status, WNOHANG | WUNTRACED) == child {
      if has_exited(status) { return .exited(exit_status(status)) }
      if was_signalled(status) { return .signalled(ending_signal(status)) }
      guard has_stopped(status) else { continue }
      // Whoever waits for us is to see that the job has stopped.
      kill(getpid(), SIGSTOP)
      kill(child, SIGCONT)
    }
    return nil
  }
}

extension ProgramEnd {
  /// The usual name of a signal.
  package static func name(of signal: Int32) -> String? {
    switch signal {
    case SIGHUP: "SIGHUP"
    case SIGINT: "SIGINT"
    case SIGQUIT: "SIGQUIT"
    case SIGILL: "SIGILL"
    case SIGABRT: "SIGABRT"
    case SIGBUS: "SIGBUS"
    case SIGFPE: "SIGFPE"
    case SIGKILL: "SIGKILL"
    case SIGSEGV: "SIGSEGV"
    case SIGPIPE: "SIGPIPE"
    case SIGALRM: "SIGALRM"
    case SIGTERM: "SIGTERM"
    case SIGXCPU: "SIGXCPU"
    default: nil
    }
  }

  /// Ends this process in the same way.
  package func follow() -> Never {
    guard case .signalled(let number) = self else { exit(status) }
    // The program has left its core; ours would say nothing.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    signal(number, SIG_DFL)
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, number)
    unsafe sigprocmask(SIG_UNBLOCK, &mask, nil)
    kill(getpid(), number)
    // A signal that does not end processes has not ended the program either; this is for completeness.
    exit(status)
  }
}
