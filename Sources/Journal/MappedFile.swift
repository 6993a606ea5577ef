internal import Events
internal import Glibc
package import SystemPackage

/// The bytes of a file as a storage of lines.
///
/// A large file is mapped into memory, so that a log of a gigabyte costs no private memory. A small one is read: a
/// mapping whose file another program cuts short ends the process.
package final class MappedFile: LineStorage {
  private let bytes: [UInt8]
  /// Where the mapping begins, as a number, which may go from one thread to another; 0 where there is none.
  private let address: UInt
  private let mappedCount: Int

  /// From this size on, in bytes, a file is mapped.
  package static let mappedSize: Int64 = 16 << 20

  /// Opens the file at `path`; `nil` when there is none.
  package convenience init?(_ path: FilePath) throws(JournalError) {
    guard let file = try OpenFile.ifPresent(path) else { return nil }
    try self.init(file)
  }

  /// Takes the bytes that `file` has now.
  package init(_ file: borrowing OpenFile) throws(JournalError) {
    let size = try file.status.size
    guard size >= MappedFile.mappedSize else {
      bytes = try file.read(0..<size)
      address = 0
      mappedCount = 0
      return
    }
    let start = unsafe mmap(nil, Int(size), PROT_READ, MAP_PRIVATE, file.descriptor.rawValue, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else {
      throw JournalError(.system(Errno(rawValue: errno)), "map \(file.path)")
    }
    bytes = []
    address = UInt(bitPattern: start)
    mappedCount = Int(size)
  }

  deinit {
    if mappedCount > 0 { unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), mappedCount) }
  }

  package func withBytes<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard mappedCount > 0 else {
      let bytes = bytes
      return try body(bytes.span)
    }
    // The mapping lives as long as this object does, and the closure cannot keep the span.
    let mapping = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: mappedCount)
    return try unsafe body(Span(_unsafeBytes: mapping))
  }
}
