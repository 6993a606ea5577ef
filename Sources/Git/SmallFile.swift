internal import Glibc

/// The small files of a git directory that git promises to keep as files, whatever format the rest has.
enum SmallFile {
  /// The bytes of the file at `path`; `nil` when it cannot be read, which for git too is no file.
  static func bytes(_ path: String) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var facts = stat()
    guard unsafe fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = unsafe block.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      guard count > 0 else { return bytes }
      bytes += block[..<count]
    }
  }

  /// The file at `path` as text without the end of its line; `nil` when there is none, or it is not UTF-8.
  static func text(_ path: String) -> String? {
    guard let bytes = bytes(path), let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// Whether there is something at `path`, if only a link that leads nowhere.
  static func exists(_ path: String) -> Bool {
    var facts = stat()
    return unsafe lstat(path, &facts) == 0
  }

  /// Whether a symbolic link stands at `path`.
  static func isLink(_ path: String) -> Bool {
    var facts = stat()
    return unsafe lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether a folder stands at `path`, or at what it leads to.
  static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }

  /// Whether a FIFO, a socket or a device stands at `path`, or at what it leads to: who opens that may wait for ever.
  static func isSpecial(_ path: String) -> Bool { kind(path).map { $0 != S_IFREG && $0 != S_IFDIR } ?? false }

  private static func kind(_ path: String) -> mode_t? {
    var facts = stat()
    return unsafe stat(path, &facts) == 0 ? facts.st_mode & S_IFMT : nil
  }

  /// Whether there is a way from the root to what `path` names, which there is not to a folder that was removed.
  static func canBeReached(_ path: String) -> Bool {
    guard let real = unsafe realpath(path, nil) else { return false }
    unsafe free(real)
    return true
  }

  /// The path of something below `folder` that is neither file nor folder, and before which a reader may wait for ever;
  /// `folder` itself is not looked at.
  static func special(below folder: String) -> String? {
    for name in names(in: folder) {
      let path = "\(folder)/\(name)"
      guard let kind = kind(path), kind != S_IFREG else { continue }
      // What links lead to from here is not gone through: git does not do so either.
      if kind != S_IFDIR { return path }
      if !isLink(path), let found = special(below: path) { return found }
    }
    return nil
  }

  /// The names in a folder, in order; none when it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// `path` as seen from `folder`, without links and `..` where it exists.
  static func resolved(_ path: String, from folder: String) -> String {
    let path = path.hasPrefix("/") ? path : "\(folder)/\(path)"
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}
