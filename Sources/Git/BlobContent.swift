/// What became of reading a blob.
package enum BlobContent: Hashable, Sendable {
  /// What it holds.
  case bytes([UInt8])
  /// This clone does not have it, as a partial clone may not.
  case absent
  /// It has so many bytes, which is more than was to be read.
  case oversized(Int)
}
