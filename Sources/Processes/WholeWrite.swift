internal import Glibc
package import SystemPackage

extension FileDescriptor {
  /// Writes all of `bytes`, waiting for the reader also where the descriptor does not.
  ///
  /// `writeAll` of swift-system is generic over the bytes and its error; to make those types takes the runtime longer
  /// than the system takes to write, and it gives up where a descriptor does not wait.
  package func write(whole bytes: ArraySlice<UInt8>) throws(Errno) {
    var rest = bytes
    while !rest.isEmpty {
      do {
        rest = rest.dropFirst(try unsafe rest.withUnsafeBytes { try unsafe write($0) })
      } catch Errno.resourceTemporarilyUnavailable, Errno.wouldBlock {
        // Somebody has made the descriptor one that does not wait, so waiting is up to us.
        var polled = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&polled, 1, -1)
      } catch {
        throw error as? Errno ?? .ioError
      }
    }
  }
}
