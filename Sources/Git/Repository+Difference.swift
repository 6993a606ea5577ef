internal import Glibc

/// The lines in which two texts differ: what is left of each without their common beginning and end.
package struct BlobDifference: Hashable, Sendable {
  /// What only the old text has, whole lines.
  package let old: [UInt8]
  /// What only the new text has, whole lines.
  package let new: [UInt8]
}

extension Repository {
  /// Returns the lines in which the blob `new` differs from the blob `old`; `nil` when this clone lacks one of them.
  ///
  /// The common parts are compared where they are and never copied, so that many versions of a long text, each with a
  /// little more than the one before, cost little more than their decompression.
  package func difference(from old: ObjectID, to new: ObjectID) throws(GitError) -> BlobDifference? {
    unsafe try plumbing.withBlobs([old, new]) { blobs in unsafe Self.difference(from: blobs[0], to: blobs[1]) }
  }

  private static func difference(
    from oldBytes: UnsafeRawBufferPointer, to newBytes: UnsafeRawBufferPointer
  ) -> BlobDifference {
    let shorter = min(oldBytes.count, newBytes.count)
    var start = unsafe mismatch(oldBytes, newBytes, upTo: shorter)
    // A line that only begins alike belongs to the difference.
    while start > 0, unsafe newBytes[start - 1] != 0x0A { start -= 1 }
    var end = 0
    while end < shorter - start, unsafe oldBytes[oldBytes.count - end - 1] == newBytes[newBytes.count - end - 1] {
      end += 1
    }
    while end > 0, unsafe newBytes[newBytes.count - end - 1] != 0x0A { end -= 1 }
    return unsafe BlobDifference(
      old: [UInt8](oldBytes[start..<oldBytes.count - end]), new: [UInt8](newBytes[start..<newBytes.count - end]))
  }

  /// How many bytes the two have in common at their beginning.
  private static func mismatch(
    _ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer, upTo count: Int
  ) -> Int {
    guard let first = one.baseAddress, let second = other.baseAddress else { return 0 }
    let block = 1 << 12
    var position = 0
    while position + block <= count, unsafe memcmp(first + position, second + position, block) == 0 {
      position += block
    }
    while position < count, unsafe one[position] == other[position] { position += 1 }
    return position
  }
}
