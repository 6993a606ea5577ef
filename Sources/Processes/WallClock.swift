internal import Glibc

/// The time of day, without what asking Foundation for it costs a short command.
package enum WallClock {
  /// The microseconds since 1970.
  package static var microsecondsSince1970: Int64 {
    var time = timespec()
    // It fails for clocks that a system does not have, which this one is not.
    guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
