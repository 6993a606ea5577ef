/// Something that goes wrong while the program under test runs.
enum Fault: Hashable, Sendable {
  /// Each process is killed when it makes a call for the n-th time; the call is not made.
  case killed(call: String, Int)
  /// The n-th call of each process fails.
  case failed(call: String, Int, error: String)
  /// No file can grow beyond so many bytes: writes that reach the limit are short, those behind it fail.
  case sizeLimit(Int)
  /// The disk has only so many KiB left.
  case fullDisk(Int)

  /// The errors that a writing call is made to fail with.
  static let errors = ["ENOSPC", "EIO", "EDQUOT", "EINTR"]

  /// What the table calls the place of the fault.
  var place: String {
    switch self {
    case .killed(let call, _), .failed(let call, _, _): call
    case .sizeLimit: "file size limit"
    case .fullDisk: "disk space"
    }
  }

  /// The fault in words.
  var story: String {
    switch self {
    case .killed(let call, let number): "killed at \(call) number \(number)"
    case .failed(let call, let number, let error): "\(call) number \(number) fails with \(error)"
    case .sizeLimit(let bytes): "no file beyond \(bytes) bytes"
    case .fullDisk(let space): "\(space) KiB left on the disk"
    }
  }

  /// Whether the program may be killed before it can say anything.
  var isDeadly: Bool { if case .killed = self { true } else { false } }

  /// Whether what the program says may not reach its reader.
  var isSilencing: Bool {
    switch self {
    case .killed: true
    case .failed(let call, _, _): call == "write"
    case .sizeLimit(let bytes): bytes < 4096
    case .fullDisk: false
    }
  }

  /// The words in front of a command that make it run under this fault.
  ///
  /// `folder` is the part of the file system that the command works on; a trace of what was done to it is written to
  /// the file `trace`.
  func prefix(folder: String, trace: String) -> [String] {
    switch self {
    case .killed(let call, let number):
      // The call is answered before the signal arrives, so that it is certain not to be made.
      Trace.command(to: trace, calls: [call]) + ["-e", "inject=\(call):error=EIO:signal=KILL:when=\(number)"]
    case .failed(let call, let number, let error):
      Trace.command(to: trace, calls: [call]) + ["-e", "inject=\(call):error=\(error):when=\(number)"]
    case .sizeLimit(let bytes):
      // The limit is for files, and not for what the program says.
      ["bash", "-c", #"prlimit --fsize="$0" "$@" | cat; exit "${PIPESTATUS[0]}""#, "\(bytes)"]
    case .fullDisk(let space):
      ["unshare", "--mount", "sh", "-c", Fault.fullDiskScript, folder, "\(space)"]
    }
  }

  /// Runs a command on a small file system that takes the place of the folder `$0`, has a copy of it, and has `$1` KiB
  /// left; what the command has made of it is in the folder afterwards.
  private static let fullDiskScript = """
    space=$1; shift
    here=$(pwd) && cd / && mkdir "$0.disk" && mount -t tmpfs -o size=1g,mode=755 none "$0.disk" || exit 125
    cp -a "$0/." "$0.disk" && used=$(df --output=used -k "$0.disk" | tail -1) || exit 125
    mount -o remount,size=$((used + space))k "$0.disk" && mount --bind "$0.disk" "$0" || exit 125
    (cd "$here" && exec "$@")
    status=$?
    umount "$0" && rm -rf "$0" && mkdir "$0" && cp -a "$0.disk/." "$0" || exit 125
    umount "$0.disk" && rmdir "$0.disk" || exit 125
    exit "$status"
    """
}
