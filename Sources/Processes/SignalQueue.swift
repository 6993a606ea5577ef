internal import CSystemCalls
internal import Glibc
internal import SystemPackage

/// The signals that are meant for the program, taken instead of suffered.
enum SignalQueue {
  private static let numbers = [
    SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, SIGCONT, SIGWINCH,
  ]

  /// Keeps the signals from acting, and opens a descriptor that gives them.
  static func open() throws(Errno) -> Int32 {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    unsafe sigprocmask(SIG_BLOCK, &set, nil)
    let queue = unsafe make_signal_queue(&set)
    guard queue >= 0 else { throw Errno(rawValue: errno) }
    return queue
  }

  /// The next signal, and whether a terminal has sent it.
  static func next(_ queue: Int32) -> (number: CInt, isFromTerminal: Bool)? {
    var isFromKernel = false
    let number = unsafe next_signal(queue, &isFromKernel)
    return number > 0 ? (number, isFromKernel) : nil
  }
}
