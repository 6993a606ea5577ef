internal import Glibc

/// The waits between attempts: short at first, doubling up to a limit, each cut by chance.
///
/// Chance is what keeps processes that have collided once from colliding again and again.
struct Pause {
  private static let longest: Duration = .milliseconds(50)
  private var next: Duration = .milliseconds(1)

  /// Blocks the thread for the next wait, but not past `limit`.
  mutating func wait(atMost limit: Duration) {
    let wait = min(next * Double.random(in: 0.25...1), limit)
    next = min(next * 2, Self.longest)
    // Woken early by a signal, the caller only tries again early.
    usleep(UInt32(clamping: max(wait, .zero).components.attoseconds / 1_000_000_000_000))
  }
}
