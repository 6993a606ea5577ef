internal import CLibgit2

/// Sole ownership of one libgit2 object, which is freed with the handle.
///
/// A handle can be neither copied nor sent to another thread, so the compiler rules out a second owner, a use after
/// the object is gone, and two threads in one object.
@safe
struct Handle: ~Copyable {
  typealias Free = @convention(c) (OpaquePointer?) -> Void

  let pointer: OpaquePointer
  private let free: Free

  /// Takes over what `open` hands out.
  init(
    freedBy free: Free, _ attempt: @autoclosure () -> String, _ open: (inout OpaquePointer?) -> CInt
  ) throws(GitError) {
    var opened: OpaquePointer?
    try check(unsafe open(&opened), attempt())
    try unsafe self.init(opened, freedBy: free, attempt())
  }

  /// Takes over what `open` hands out, or answers `nil` when its status is one of `absence`.
  static func ifFound(
    freedBy free: Free, _ attempt: @autoclosure () -> String, absence: Absence = .notFound,
    _ open: (inout OpaquePointer?) -> CInt
  ) throws(GitError) -> Handle? {
    var opened: OpaquePointer?
    guard try found(unsafe open(&opened), attempt(), absence: absence) else { return nil }
    return try unsafe Handle(opened, freedBy: free, attempt())
  }

  private init(_ opened: OpaquePointer?, freedBy free: Free, _ attempt: @autoclosure () -> String) throws(GitError) {
    guard let opened = unsafe opened else {
      throw GitError(.other, attempt(), "libgit2 reported success and handed out nothing")
    }
    unsafe pointer = opened
    unsafe self.free = free
  }

  deinit { unsafe free(pointer) }
}
