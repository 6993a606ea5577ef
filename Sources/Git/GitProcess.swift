internal import CSystemCalls
internal import Glibc

/// A running git, and the streams to and from it.
///
/// Nobody waits for a git that stands still: after `patience` without a sign of life, if it has one, it is ended. A process
/// that is no longer wanted is ended with its value.
final class GitProcess {
  private let process: pid_t
  /// Our ends of its standard input, output and error; -1 once closed.
  private var input: CInt
  private var output: CInt
  private var errors: CInt
  private let attempt: String
  private let patience: Duration?
  /// What it has printed and nobody has taken yet: from `taken` on.
  private var printed: [UInt8] = []
  private var taken = 0
  private var complaint: [UInt8] = []
  private var isRunning = true

  /// More of its complaints than this, in bytes, is not kept.
  private static let complaintLimit = 1 << 16
  private static let blockSize = 1 << 16

  /// Starts git in `folder` with `arguments` and nothing but `environment` around it.
  ///
  /// `attempt` says in errors what it is for.
  init(
    _ arguments: [String], in folder: String, environment: [String], within patience: Duration?, _ attempt: String
  ) throws(GitError) {
    self.attempt = attempt
    self.patience = patience
    // A socket, since writing to a pipe that nobody reads any more would end this process with a signal.
    var sockets: [CInt] = [-1, -1]
    guard
      unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &sockets) == 0
    else { throw Self.failure(attempt, errno) }
    var out: [CInt] = [-1, -1]
    var err: [CInt] = [-1, -1]
    defer { for end in [sockets[1], out[1], err[1]] where end >= 0 { close(end) } }
    guard unsafe make_pipe(&out) == 0, unsafe make_pipe(&err) == 0 else {
      let error = errno
      for end in [sockets[0], out[0]] where end >= 0 { close(end) }
      throw Self.failure(attempt, error)
    }
    var started: pid_t = 0
    let error = Self.start(
      ["git", "-C", folder] + arguments, environment, (sockets[1], out[1], err[1]), &started)
    guard error == 0 else {
      for end in [sockets[0], out[0], err[0]] { close(end) }
      throw Self.failure(attempt, error)
    }
    process = started
    (input, output, errors) = (sockets[0], out[0], err[0])
  }

  deinit { stop() }

  private static func failure(_ attempt: String, _ error: CInt) -> GitError {
    guard error != ENOENT else {
      return GitError(.unavailable, attempt, "there is no git on PATH; install it, or put it there")
    }
    return GitError(.unavailable, attempt, "git cannot be run: \(unsafe String(cString: strerror(error)))")
  }

  /// Starts the program and returns 0, or the error number of what failed.
  private static func start(
    _ words: [String], _ environment: [String], _ ends: (CInt, CInt, CInt), _ process: inout pid_t
  ) -> CInt {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends.0, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends.1, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends.2, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // Git is to be ended by the signals that end it anywhere, whatever this process does with them.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGTERM, SIGINT] { unsafe sigaddset(&signals, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, CShort(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    return unsafe withPointers(to: words) { words in
      unsafe withPointers(to: environment) { environment in
        unsafe posix_spawnp(&process, "git", &actions, &attributes, words, environment)
      }
    }
  }

  /// Lends texts as C has them: pointers, and a null at the end.
  private static func withPointers<Result>(
    to texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { unsafe pointers[index] = strdup(text) }
    unsafe pointers[texts.count] = nil
    defer {
      for index in texts.indices { unsafe free(pointers[index]) }
      unsafe pointers.deallocate()
    }
    return unsafe body(pointers)
  }
}

// Talking.
extension GitProcess {
  /// Gives it `bytes` to read, and takes in what it prints meanwhile.
  func send(_ bytes: [UInt8]) throws(GitError) {
    var sent = 0
    while sent < bytes.count {
      try wait(toSend: true)
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe write(rest: bytes, from: sent)
      }
      if count >= 0 {
        sent += count
      } else if errno != EAGAIN, errno != EINTR {
        // It has ended before it read everything; what it says, or its status, tells why.
        return
      }
    }
  }

  private func write(rest bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
    return unsafe Glibc.send(
      input, rest.baseAddress, rest.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
  }

  /// Returns the next line that it prints, without its end; `nil` when it prints no more.
  func line(endedBy end: UInt8 = UInt8(ascii: "\n")) throws(GitError) -> [UInt8]? {
    var searched = taken
    while true {
      if let place = printed[searched...].firstIndex(of: end) {
        defer { taken = place + 1 }
        return Array(printed[taken..<place])
      }
      let length = printed.count - taken
      guard output >= 0 else {
        defer { taken = printed.count }
        return length == 0 ? nil : Array(printed[taken...])
      }
      try wait(toSend: false)
      searched = taken + length
    }
  }

  /// Returns the next `count` bytes that it prints; fewer when it prints no more.
  func bytes(_ count: Int) throws(GitError) -> [UInt8] {
    while printed.count - taken < count, output >= 0 { try wait(toSend: false) }
    let end = min(taken + count, printed.count)
    defer { taken = end }
    return Array(printed[taken..<end])
  }

  /// Lets it read to the end of its input and waits for its own end; returns what it did.
  func finish() throws(GitError) -> GitCommand.Outcome {
    closeInput()
    while output >= 0 || errors >= 0 { try wait(toSend: false) }
    let status = end()
    return GitCommand.Outcome(
      status: status, output: Array(printed[taken...]), complaint: String(decoding: complaint, as: UTF8.self))
  }

  /// Tells it that there is no more to read.
  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// The last line of what it has complained of.
  var lastComplaint: String? {
    String(decoding: complaint, as: UTF8.self).split(separator: "\n").last.map(String.init)
  }

  /// Waits until it has printed something more, or reads if it is to be sent something, or has ended.
  private func wait(toSend: Bool) throws(GitError) {
    var places = [output, errors].map { pollfd(fd: $0, events: CShort(POLLIN), revents: 0) }
    if toSend { places.append(pollfd(fd: input, events: CShort(POLLOUT), revents: 0)) }
    let count = unsafe poll(&places, nfds_t(places.count), patience.map { CInt($0 / .milliseconds(1)) } ?? -1)
    if count == 0, let patience {
      stop()
      throw GitError(.unavailable, attempt, "git has not answered for \(patience) and was ended")
    }
    if count < 0, errno != EINTR { throw Self.failure(attempt, errno) }
    if places[0].revents != 0, let block = Self.block(from: &output) {
      if taken > Self.blockSize, taken * 2 > printed.count {
        printed.removeFirst(taken)
        taken = 0
      }
      printed += block
    }
    if places[1].revents != 0, let block = Self.block(from: &errors) {
      complaint += block
      if complaint.count > Self.complaintLimit { complaint.removeFirst(complaint.count - Self.complaintLimit) }
    }
  }

  /// What can be read from `end` now; the end is closed when there is no more.
  private static func block(from end: inout CInt) -> ArraySlice<UInt8>? {
    var block = [UInt8](repeating: 0, count: blockSize)
    let count = unsafe block.withUnsafeMutableBytes { unsafe read(end, $0.baseAddress, $0.count) }
    if count > 0 { return block[..<count] }
    if count == 0 || errno != EINTR {
      close(end)
      end = -1
    }
    return nil
  }
}

// Ending.
extension GitProcess {
  /// Ends it, whatever it is doing; asked first, git removes the locks that it holds.
  private func stop() {
    closeInput()
    for end in [output, errors] where end >= 0 { close(end) }
    (output, errors) = (-1, -1)
    guard isRunning else { return }
    kill(process, SIGTERM)
    _ = end()
  }

  /// Waits for its end and returns its status, as shells have it.
  ///
  /// It has nothing to read or to print any more, or has been told to end: it gets a second for that.
  private func end() -> Int32 {
    isRunning = false
    var status: CInt = 0
    for round in 0..<200 {
      let ended = unsafe waitpid(process, &status, WNOHANG)
      if ended == process {
        return has_exited(status) ? exit_status(status) : 128 + ending_signal(status)
      }
      // Where somebody else takes note of the ends of this process's children, there is only what git said.
      if ended < 0, errno != EINTR { return complaint.isEmpty ? 0 : 128 }
      usleep(round < 20 ? 100 : 5000)
    }
    kill(process, SIGKILL)
    unsafe waitpid(process, &status, 0)
    return 128 + SIGKILL
  }
}
