internal import CSystemCalls
internal import Glibc

/// What this process was told about signals by the one that started it.
///
/// A program that ignores signals, blocks them or waits for its children passes that on to the programs that it starts;
/// for one that stands in for another, that would show.
package struct InheritedSignals: Sendable {
  /// The signals that were blocked.
  private(set) var blocked = sigset_t()
  /// The signals that were ignored, of those that this process does not ignore.
  private(set) var ignored = sigset_t()
  /// The signals that were not ignored, of those that this process ignores.
  private(set) var defaulted = sigset_t()

  /// Takes down what the process was started with, and lets it wait for its children.
  ///
  /// `ignored` are signals that this process ignores from now on.
  package init(ignoring signals: [CInt] = []) {
    unsafe sigemptyset(&blocked)
    unsafe sigemptyset(&ignored)
    unsafe sigemptyset(&defaulted)
    unsafe sigprocmask(SIG_SETMASK, nil, &blocked)
    for number in signals where !InheritedSignals.set(number, SIG_IGN) {
      unsafe sigaddset(&defaulted, number)
    }
    // Children of a process that ignores this vanish without leaving their status.
    if InheritedSignals.set(SIGCHLD, SIG_DFL) { unsafe sigaddset(&ignored, SIGCHLD) }
  }

  /// Sets what a signal does; true when it was ignored before.
  private static func set(_ number: CInt, _ handler: sighandler_t?) -> Bool {
    let before = signal(number, handler)
    return unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
