import Foundation

/// The bytes of a transcript in Fixtures.
func transcript(_ name: String) throws -> [UInt8] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
  return [UInt8](try Data(contentsOf: folder.appending(path: name)))
}

/// The names of all transcripts.
func transcriptNames() throws -> [String] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
  return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}
