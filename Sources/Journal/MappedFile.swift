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
  package convenience init(_ file: borrowing OpenFile) throws(JournalError) {
    try self.init(file.descriptor, of: file.path)
  }

  /// Takes the bytes that `file`, which is open for reading, gives from where it stands; it may be a pipe.
  package init(_ file: FileDescriptor, of path: FilePath) throws(JournalError) {
    let status = try attempting("look at \(path)") { try file.stat() }
    guard status.type == .regular, status.size >= MappedFile.mappedSize else {
      bytes = try FileSystem.readToEnd(file, expecting: Int(status.size))
      address = 0
      mappedCount = 0
      return
    }
    let start = unsafe mmap(nil, Int(status.size), PROT_READ, MAP_PRIVATE, file.rawValue, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else {
      throw JournalError(.system(Errno(rawValue: errno)), "map \(path)")
    }
    bytes = []
    address = UInt(bitPattern: start)
    mappedCount = Int(status.size)
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

  /// The bytes as words of 64 bits, each with its least byte first; `nil` when they make no whole number of words.
  package var words: [UInt64]? {
    withBytes { bytes in
      guard bytes.count % 8 == 0 else { return nil }
      let words = unsafe [UInt64](unsafeUninitializedCapacity: bytes.count / 8) { buffer, filled in
        unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
        filled = bytes.count / 8
      }
      return UInt64(littleEndian: 1) == 1 ? words : words.map(UInt64.init(littleEndian:))
    }
  }
}
