package import Git

/// The failure to shut out the configuration of the machine and of whoever runs the tests, once and for all of them.
private let isolation: (any Error)? = {
  do {
    try Library.readConfiguration(onlyFrom: "/dev/null")
    return nil
  } catch {
    return error
  }
}()

/// Shuts out the configuration of the machine and of whoever runs the tests.
package func isolateGit() throws {
  if let isolation { throw isolation }
}

/// Who answers what is asked of a repository.
package enum Answerer: CaseIterable, Sendable {
  /// libgit2, which cannot open all of them.
  case library
  /// The git executable.
  case command
}

/// Opens the repository that `path` lies in, with its own configuration only.
package func open(_ path: String, for answerer: Answerer = .library) throws -> Repository {
  try isolateGit()
  return switch answerer {
  case .library: try Repository(discoveredFrom: path)
  case .command: try Repository(askingGitAbout: path)
  }
}

/// Reads an object's name as git prints it.
package func id(_ hex: String) throws -> ObjectID {
  struct NoName: Error { let text: String }
  guard let id = ObjectID(hex: hex) else { throw NoName(text: hex) }
  return id
}
