internal import CSystemCalls

/// What this program does with memory.
package enum OwnMemory {
  /// Keeps what is freed, for whatever needs memory next; for programs that live shortly.
  ///
  /// Compressing one object takes a quarter of a megabyte. Giving that back each time, and getting it anew as pages to
  /// be cleared, costs more than the compression.
  package static func keepFreed() { keep_freed_memory() }
}
